#include "shard/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/support/status.h"

namespace kawat::shard {
namespace {

Manifest Example() {
  const Position position{.topic = "kawat.articles",
                          .partition = 7,
                          .cursor = {.log_epoch = 2, .next = 4711, .has_record = true, .append_time_ms = 1234}};
  return {.shard = {.service = "store", .number = 7},
          .kawat = "0.1.0",
          .made = absl::FromUnixSeconds(1'800'000'000),
          .summary = {.owner = "store/7", .positions = {position}},
          .files = {{.name = "000009.sst", .bytes = 12, .sha256 = std::string(64, 'a')},
                    {.name = "CURRENT", .bytes = 16, .sha256 = std::string(64, '0')}}};
}

TEST(ManifestTest, ComesBackAsItWas) {
  const Manifest manifest = Example();
  ASSERT_OK_AND_ASSIGN(const Manifest read, ParseManifest(Encode(manifest)));
  EXPECT_EQ(read.shard, manifest.shard);
  EXPECT_EQ(read.made, manifest.made);
  EXPECT_EQ(read.files, manifest.files);
  EXPECT_EQ(read.summary.owner, "store/7");
  ASSERT_EQ(read.summary.positions.size(), 1U);
  EXPECT_EQ(read.summary.positions[0].cursor, manifest.summary.positions[0].cursor);
  EXPECT_EQ(read.Bytes(), 28U);
}

TEST(ManifestTest, CutAnywhereItIsAnError) {
  const std::string whole = Encode(Example());
  for (std::size_t size = 0; size + 2 < whole.size(); ++size) {
    EXPECT_FALSE(ParseManifest(whole.substr(0, size)).ok()) << size;
  }
}

TEST(ManifestTest, NoNameLeadsOutOfTheFolder) {
  for (const std::string name : {"../store", "/etc/passwd", "a/b", "..", ".", "", ".hidden", "a\\u0000b", "a b",
                                 "\\u00e9", "backup.json", "CURRENT"}) {
    const std::string text = absl::StrReplaceAll(Encode(Example()), {{"000009.sst", name}});
    EXPECT_EQ(ParseManifest(text).status().code(), absl::StatusCode::kInvalidArgument) << name;
  }
  EXPECT_FALSE(ParseManifest(absl::StrReplaceAll(Encode(Example()), {{"000009.sst", std::string(256, 'a')}})).ok());
  EXPECT_OK(ParseManifest(absl::StrReplaceAll(Encode(Example()), {{"000009.sst", std::string(255, 'a')}})));
}

TEST(ManifestTest, ValuesOfAnotherKindOrOutOfTheirLimitsAreErrors) {
  const std::string whole = Encode(Example());
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"bytes\":12", "\"bytes\":-1"},
           {"\"bytes\":12", "\"bytes\":\"12\""},
           {"\"bytes\":12", "\"bytes\":1e300"},
           {std::string(64, 'a'), std::string(63, 'a')},
           {std::string(64, 'a'), std::string(64, 'g')},
           {"store/07", "store/../../07"},
           {"2027-01-15", "yesterday"},
           {"\"next\":4711", "\"next\":-4711"},
           {"\"files\":[", "\"files\":[7,"},
           {"\"files\":", "\"other\":"},
           {"CURRENT", "current"},
           {"\"kawat.articles\"", absl::StrCat("\"", std::string(2000, 'x'), "\"")}}) {
    const std::string text = absl::StrReplaceAll(whole, {{from, to}});
    ASSERT_NE(text, whole) << from;
    EXPECT_EQ(ParseManifest(text).status().code(), absl::StatusCode::kInvalidArgument) << to;
  }
}

TEST(ManifestTest, DeepOrLongJsonIsAnError) {
  EXPECT_FALSE(ParseManifest(std::string(100'000, '[')).ok());
  EXPECT_FALSE(ParseManifest(absl::StrCat(Encode(Example()), std::string(kMaxManifestBytes, ' '))).ok());
}

TEST(ManifestTest, ANewerFormatIsRefusedByName) {
  const std::string text = absl::StrReplaceAll(Encode(Example()), {{"\"format\":1", "\"format\":2"}});
  EXPECT_EQ(ParseManifest(text).status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace kawat::shard
