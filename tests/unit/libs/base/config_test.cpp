#include "base/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace kawat::base
