#include "services/store/config.h"

#include <gtest/gtest.h>

#include "tests/support/status.h"

namespace kawat::store {
namespace {

absl::StatusOr<Config> Parse(std::string_view text) {
  const absl::StatusOr<base::Toml> toml = base::Toml::Parse(text, "kawat.toml");
  return toml.ok() ? ParseConfig(*toml) : toml.status();
}

TEST(StoreConfigTest, IsTheOnlyInstanceUnlessTold) {
  ASSERT_OK_AND_ASSIGN(const Config config, Parse(""));
  EXPECT_EQ(config.instances, 1);
  EXPECT_EQ(config.instance, 0);
  EXPECT_TRUE(config.peers.empty());
}

TEST(StoreConfigTest, ReadsWhichInstanceItIsAndWhereTheOthersAre) {
  ASSERT_OK_AND_ASSIGN(const Config config,
                       Parse("[store]\ninstance = 1\ninstances = 2\npeers = [\"store-0:7700\", \"store-1:7700\"]\n"));
  EXPECT_EQ(config.instance, 1);
  EXPECT_EQ(config.instances, 2);
  EXPECT_EQ(config.peers[0], "store-0:7700");
}

TEST(StoreConfigTest, NamesTheKeyThatIsWrong) {
  const struct {
    const char* key;
    const char* text;
  } cases[] = {
      {"instance", "[store]\ninstances = 2\ninstance = 2\npeers = [\"a:1\", \"b:1\"]\n"},
      {"instances", "[store]\ninstances = 0\n"},
      {"instances", "[store]\ninstances = 1025\n"},
      {"peers", "[store]\ninstances = 2\n"},
      {"peers", "[store]\ninstances = 2\npeers = [\"a:1\"]\n"},
      {"peers", "[store]\npeers = [\"a:1\", \"b:1\"]\n"},
      {"peers", "[store]\npeers = [\"a\"]\n"},
      {"peers", "[store]\npeers = [\":7700\"]\n"},
      {"peers", "[store]\npeers = [\"a:0\"]\n"},
  };
  for (const auto& each : cases) {
    const absl::Status status = Parse(each.text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << each.text;
    EXPECT_NE(status.message().find(each.key), absl::string_view::npos) << each.text << status;
  }
}

}  // namespace
}  // namespace kawat::store
