#include "services/newsroom/pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/config.h"
#include "services/newsroom/newsroom.h"
#include "services/newsroom/plan.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"

namespace kawat::newsroom {
namespace {

class PagesTest : public testing::Test {
 protected:
  void Write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_.path() / name).parent_path());
    std::ofstream(folder_.path() / name, std::ios::binary) << text;
  }

  support::TempFolder folder_;
};

TEST_F(PagesTest, EachPageIsAtItsHostAndPath) {
  Write("pages/one.html", "<p>one</p>");
  Write("pages/two.html", "<p>two</p>");
  Write("gold.jsonl",
        "{\"page\": \"one.html\", \"url\": \"https://www.A.example/x?ref=rss#top\", \"source\": \"A \\\"Daily\\\"\", "
        "\"group\": \"G\"}\n\n"
        "{\"page\": \"two.html\", \"url\": \"http://b.example\"}\n"
        "{\"page\": \"two.html\", \"url\": \"https://www.a.example/x?ref=rss\"}\n");
  ASSERT_OK_AND_ASSIGN(World world, LoadPages(folder_.path()));
  ASSERT_EQ(world.outlets.size(), 2U);
  EXPECT_EQ(world.outlets[0].name, "A \"Daily\"");
  EXPECT_EQ(world.outlets[0].group, "G");
  EXPECT_EQ(world.outlets[1].name, "b.example");
  EXPECT_EQ(world.outlets[1].max_depth, -1);
  support::FakeClock clock;
  Site site(std::move(world), {.start = clock.Now()}, clock);
  web::Request request{.method = "GET", .target = "/x?ref=rss", .path = "/x", .host = "www.a.example"};
  EXPECT_EQ(site.Answer(request).body, "<p>one</p>");
  request.host = "b.example";
  request.target = "/";
  EXPECT_EQ(site.Answer(request).body, "<p>two</p>");
  request.target = "/robots.txt";
  EXPECT_EQ(site.Answer(request).status, 404);
}

TEST_F(PagesTest, ABadLineIsNamed) {
  Write("pages/one.html", "<p>one</p>");
  for (const std::string line : {"nonsense", "[]", "{\"page\": \"../one.html\", \"url\": \"https://a.example/\"}",
                                 "{\"page\": \"one.html\", \"url\": \"ftp://a.example/\"}",
                                 "{\"page\": \"absent\", \"url\": \"https://a.example/\"}"}) {
    Write("gold.jsonl", "\n" + line + "\n");
    const auto world = LoadPages(folder_.path());
    ASSERT_FALSE(world.ok()) << line;
    EXPECT_THAT(std::string(world.status().message()), testing::HasSubstr("gold.jsonl:2"));
  }
}

TEST(WriteConfigTest, TheConfigurationIsTomlThatNamesEveryHostAndSource) {
  const World world = MakeWorld({.seed = 3, .articles = 40, .start = absl::FromUnixSeconds(1'800'000'000)});
  ASSERT_OK_AND_ASSIGN(const base::Toml toml,
                       base::Toml::Parse(WriteConfig(world, absl::Milliseconds(50), "127.0.0.1:1234"), "test"));
  base::Section fetch = toml.At("fetch");
  absl::Duration delay;
  absl::Duration poll;
  absl::Duration timeout;
  fetch.Read("delay", delay);
  fetch.Read("poll_interval", poll);
  fetch.Read("timeout", timeout);
  ASSERT_OK(fetch.Finish());
  EXPECT_EQ(delay, absl::Milliseconds(50));
  EXPECT_EQ(poll, absl::Seconds(1));
  EXPECT_EQ(timeout, absl::Seconds(2));
  std::map<std::string, std::string> resolve;
  base::Section root = toml.Root();
  root.Read("resolve", resolve);
  EXPECT_EQ(root.Each("sources").size(), 24U);
  for (const Resource& resource : world.resources) {
    EXPECT_EQ(resolve["https://" + HostOf(resource.url)], "127.0.0.1:1234");
    EXPECT_EQ(resolve["http://" + HostOf(resource.url)], "127.0.0.1:1234");
  }
}

TEST(WriteConfigTest, AnAddressThatIsNotLoopbackMayBeReachedAndNoOtherOfItsNetwork) {
  const World world = MakeWorld({.seed = 3, .articles = 5, .start = absl::FromUnixSeconds(1'800'000'000)});
  const auto allowed = [&](const std::string& address) {
    std::vector<std::string> networks;
    const auto toml = base::Toml::Parse(WriteConfig(world, absl::Milliseconds(50), address), "test");
    EXPECT_OK(toml.status());
    toml->Root().Read("allow_networks", networks);
    return networks;
  };
  EXPECT_THAT(allowed("127.0.0.1:1234"), testing::ElementsAre("127.0.0.0/8", "::1/128"));
  EXPECT_THAT(allowed("10.96.7.7:8900"), testing::ElementsAre("127.0.0.0/8", "::1/128", "10.96.7.7/32"));
  EXPECT_THAT(allowed("[fd00::7]:8900"), testing::ElementsAre("127.0.0.0/8", "::1/128", "fd00::7/128"));
}

}  // namespace
}  // namespace kawat::newsroom
