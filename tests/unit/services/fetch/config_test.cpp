// What fetch is told, and what it refuses to be told.
#include "services/fetch/config.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/status.h"

namespace kawat::fetch {
namespace {

absl::StatusOr<Config> Parse(const std::string& text) {
  const auto toml = base::Toml::Parse(text, "kawat.toml");
  return toml.ok() ? ParseConfig(*toml) : toml.status();
}

constexpr char kSource[] = "[[sources]]\nid = \"a\"\nname = \"A\"\nfeeds = [\"https://a.example/feed\"]\n";

TEST(FetchConfigTest, ReadsItsPartOfTheFile) {
  ASSERT_OK_AND_ASSIGN(
      const Config config,
      Parse(std::string("data = \"d\"\nallow_networks = [\"127.0.0.0/8\"]\n"
                        "[resolve]\n\"https://a.example\" = \"127.0.0.1:8080\"\n"
                        "[fetch]\ndelay = \"0s\"\npoll_interval = \"1s\"\ntimeout = \"10ms\"\nmax_depth = -1\n"
                        "instances = 2\ninstance = 1\n[store]\ngrpc = \"ours to pass over\"\n") +
            kSource));
  EXPECT_EQ(config.data, "d");
  EXPECT_EQ(config.resolve.at("https://a.example"), "127.0.0.1:8080");
  EXPECT_EQ(config.limits.delay, absl::ZeroDuration());
  EXPECT_EQ(config.limits.max_depth, -1);
  EXPECT_EQ(config.instance, 1);
  ASSERT_EQ(config.sources.size(), 1u);
  EXPECT_EQ(config.sources[0].feed_urls[0], "https://a.example/feed");
}

TEST(FetchConfigTest, ASourceWithoutANameIsCalledByItsId) {
  ASSERT_OK_AND_ASSIGN(const Config config, Parse("[[sources]]\nid = \"a\"\nfeeds = [\"https://a.example/feed\"]\n"));
  ASSERT_EQ(config.sources.size(), 1u);
  EXPECT_EQ(config.sources[0].name, "a");
}

TEST(FetchConfigTest, NamesTheKeyThatIsWrong) {
  const struct {
    const char* key;
    std::string text;
  } cases[] = {
      {"delay", "[fetch]\ndelay = \"61m\"\n"},
      {"poll_interval", "[fetch]\npoll_interval = \"999ms\"\n"},
      {"poll_interval", "[fetch]\npoll_interval = \"721h\"\n"},
      {"timeout", "[fetch]\ntimeout = \"9ms\"\n"},
      {"timeout", "[fetch]\ntimeout = \"11m\"\n"},
      {"max_depth", "[fetch]\nmax_depth = 11\n"},
      {"max_body_bytes", "[fetch]\nmax_body_bytes = 5242881\n"},
      {"instance", "[fetch]\ninstances = 2\ninstance = 2\n"},
      {"peers", "[fetch]\ninstances = 2\npeers = [\"fetch-0:7701\"]\n"},
      {"peers", "[fetch]\npeers = [\"7701\"]\n"},
      {"user_agent", "[fetch]\nuser_agent = \"a\\r\\nX-Evil: b\"\n"},
      {"user_agent", "[fetch]\nuser_agent = \"\"\n"},
      {"owner", "[fetch]\nowner = \"\"\n"},
      {"owner", "[fetch]\nowner = \"../../etc\"\n"},
      {"owner", "[fetch]\nowner = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\n"},
      {"grpc", "[fetch]\ngrpc = \"7701\"\n"},
      {"dealy", "[fetch]\ndealy = \"1s\"\n"},
      {"allow_networks", "allow_networks = [\"127.0.0.0/33\"]\n"},
      {"resolve", "[resolve]\n\"a.example\" = \"127.0.0.1:80\"\n"},
      {"resolve", "[resolve]\n\"https://a.example/path\" = \"127.0.0.1:80\"\n"},
      {"resolve", "[resolve]\n\"https://a.example\" = \"127.0.0.1\"\n"},
      {"resolve", "[resolve]\n\"https://a.example\" = \":8080\"\n"},
      {"resolve", "[resolve]\n\"https://a.example\" = \"127.0.0.1:0\"\n"},
      {"id", std::string(kSource) + kSource},
      {"id", "[[sources]]\nid = \"a\"\nname = \"A\"\n"},
      {"feed", "[[sources]]\nid = \"a\"\nname = \"A\"\nfeed = \"https://a.example/feed\"\n"},
  };
  for (const auto& each : cases) {
    const absl::Status status = Parse(each.text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << each.text;
    EXPECT_NE(status.message().find(each.key), std::string_view::npos) << each.text << status;
  }
}

}  // namespace
}  // namespace kawat::fetch
