#include "base/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temp_folder.h"

namespace kawat::base {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Toml ParseOrDie(std::string_view text) { return *Toml::Parse(text, "kawat.toml"); }

TEST(ConfigTest, ReadsTypedValuesAndKeepsDefaultsOfAbsentKeys) {
  const Toml toml = ParseOrDie("[fetch]\ntimeout = \"1m30s\"\nagents = [\"a\", \"b\"]\nlimit = 7\n");
  Section section = toml.At("fetch");
  absl::Duration timeout;
  std::vector<std::string> agents;
  int limit = 0;
  std::string absent = "default";
  section.Read("timeout", timeout);
  section.Read("agents", agents);
  section.Read("limit", limit, {.min = 1, .max = 10});
  section.Read("absent", absent);
  EXPECT_TRUE(section.Finish().ok());
  EXPECT_EQ(timeout, absl::Seconds(90));
  EXPECT_THAT(agents, ElementsAre("a", "b"));
  EXPECT_EQ(limit, 7);
  EXPECT_EQ(absent, "default");
}

TEST(ConfigTest, AnUnknownKeyNamesLineAndNearestKnownKey) {
  const Toml toml = ParseOrDie("[fetch]\ntimeuot = \"2s\"\n");
  Section section = toml.At("fetch");
  absl::Duration timeout;
  section.Read("timeout", timeout);
  const absl::Status status = section.Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("kawat.toml:2"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("fetch.timeuot"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("\"timeout\""));
}

TEST(ConfigTest, RefusesWrongTypesAndValuesOutOfRange) {
  for (const char* line : {"n = \"7\"", "n = 0", "n = 11", "n = 1.5"}) {
    Section section = ParseOrDie(line).Root();
    int n = 5;
    section.Read("n", n, {.min = 1, .max = 10});
    EXPECT_EQ(section.Finish().code(), absl::StatusCode::kInvalidArgument) << line;
    EXPECT_EQ(n, 5) << line;
  }
}

TEST(ConfigTest, RefusesADurationWithoutUnit) {
  Section section = ParseOrDie("t = \"5\"").Root();
  absl::Duration t;
  section.Read("t", t);
  EXPECT_EQ(section.Finish().code(), absl::StatusCode::kInvalidArgument);
}

TEST(ConfigTest, ReadsArraysOfTables) {
  const Toml toml = ParseOrDie("[[sources]]\nid = \"a\"\n[[sources]]\nid = \"b\"\n");
  Section root = toml.Root();
  std::vector<std::string> ids;
  for (Section& source : root.Each("sources")) {
    std::string id;
    source.Read("id", id);
    EXPECT_TRUE(source.Finish().ok());
    ids.push_back(id);
  }
  EXPECT_TRUE(root.Finish().ok());
  EXPECT_THAT(ids, ElementsAre("a", "b"));
}

TEST(ConfigTest, ATableWhereAValueStandsIsAnError) {
  Section section = ParseOrDie("fetch = 3").At("fetch");
  EXPECT_EQ(section.Finish().code(), absl::StatusCode::kInvalidArgument);
}

TEST(ConfigTest, WhatOthersReadIsKnown) {
  Section root = ParseOrDie("store = 3\n[fetch]\n").Root();
  root.Ignore({"fetch", "store"});
  EXPECT_TRUE(root.Finish().ok());
}

TEST(ConfigTest, RefusesUnknownTopLevelTables) {
  Section root = ParseOrDie("[fetsh]\n").Root();
  root.Ignore({"fetch", "store"});
  const absl::Status status = root.Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("\"fetch\""));
}

TEST(ConfigTest, SyntaxErrorsNameTheLine) {
  const auto toml = Toml::Parse("a = 1\nb = = 2\n", "kawat.toml");
  EXPECT_EQ(toml.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(toml.status().message()), HasSubstr("kawat.toml:2"));
}

std::string KeyWithDots(int dots) {
  std::string key = "a";
  for (int i = 0; i < dots; ++i) {
    key += ".a";
  }
  return key;
}

TEST(ConfigTest, AKeyOfManyPartsIsRefused) {
  EXPECT_TRUE(Toml::Parse(KeyWithDots(64) + " = 1", "kawat.toml").ok());
  const std::string deep = KeyWithDots(65);
  for (const std::string& text : {deep + " = 1", "[" + deep + "]", "x = {" + deep + " = 1}"}) {
    const auto toml = Toml::Parse("b = 1\n" + text, "kawat.toml");
    ASSERT_EQ(toml.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(toml.status().message()), HasSubstr("kawat.toml:2"));
  }
  EXPECT_TRUE(Toml::Parse("a = \"" + std::string(100, '.') + "\"", "kawat.toml").ok());
}

TEST(ConfigTest, ControlCharactersOfAnUnknownKeyAreEscaped) {
  Section root = ParseOrDie("\"\\u001b[31m\" = 1\n").Root();
  EXPECT_THAT(std::string(root.Finish().message()), testing::Not(HasSubstr("\x1b")));
}

Toml LoadOrDie(std::vector<std::string> settings) { return *Toml::Load("", settings); }

TEST(ConfigTest, ASettingOfTheCommandLineStandsAboveTheFile) {
  const support::TempFolder folder;
  const std::filesystem::path path = folder.path() / "kawat.toml";
  std::ofstream(path) << "data = \"d\"\n[fetch]\ninstance = 1\nowner = \"a\"\n";
  const std::vector<std::string> settings = {"fetch.instance=2", "fetch.instance = 3", "log.level=debug"};
  const absl::StatusOr<Toml> toml = Toml::Load(path, settings);
  ASSERT_TRUE(toml.ok()) << toml.status();
  Section section = toml->At("fetch");
  int instance = 0;
  std::string owner;
  std::string level;
  section.Read("instance", instance);
  section.Read("owner", owner);
  toml->At("log").Read("level", level);
  EXPECT_EQ(instance, 3);
  EXPECT_EQ(owner, "a");
  EXPECT_EQ(level, "debug");
}

TEST(ConfigTest, ASettingOfTheCommandLineIsTomlOrABareWord) {
  for (const auto& [written, read] :
       std::map<std::string, std::string>{{"s=kawat-fetch-3", "kawat-fetch-3"},
                                          {"s=broker:9092,other:9092", "broker:9092,other:9092"},
                                          {"s=10.0.0.1:80", "10.0.0.1:80"},
                                          {"s=2s", "2s"},
                                          {"s=a=b", "a=b"},
                                          {"s=", ""},
                                          {"s=\"7\"", "7"},
                                          {"s='x y'", "x y"}}) {
    Section section = LoadOrDie({written}).Root();
    std::string value = "default";
    section.Read("s", value);
    EXPECT_TRUE(section.Finish().ok()) << written;
    EXPECT_EQ(value, read) << written;
  }
  std::vector<std::string> list;
  std::map<std::string, std::string> table;
  Section section = LoadOrDie({"l=[\"a\", \"b\"]", "t.\"https://a.example\"=127.0.0.1:80"}).Root();
  section.Read("l", list);
  section.Read("t", table);
  EXPECT_TRUE(section.Finish().ok());
  EXPECT_THAT(list, ElementsAre("a", "b"));
  EXPECT_EQ(table["https://a.example"], "127.0.0.1:80");
}

TEST(ConfigTest, AWrongSettingOfTheCommandLineIsToldByItsFlag) {
  for (const char* setting : {"", "fetch.instance", "=3", "a b=3", "a..b=3", "a=[1", "a=\"x", "a=1\nb=2", "[a=3"}) {
    const absl::Status status = Toml::Load("", std::vector<std::string>{setting}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << setting;
    EXPECT_THAT(std::string(status.message()), HasSubstr("--set \"")) << setting;
  }
  Section unknown = LoadOrDie({"fetch.timeuot=2s"}).At("fetch");
  absl::Duration timeout;
  unknown.Read("timeout", timeout);
  EXPECT_EQ(unknown.Finish().message(), "--set: unknown key \"fetch.timeuot\"; did you mean \"timeout\"?");
  Section wrong = LoadOrDie({"fetch.timeout=2"}).At("fetch");
  wrong.Read("timeout", timeout);
  EXPECT_THAT(std::string(wrong.Finish().message()), HasSubstr("--set: fetch.timeout must be a duration"));
}

}  // namespace
}  // namespace kawat::base
