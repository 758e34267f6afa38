// robots.txt: what it forbids, what its absence does, and whose turn its redirects take.
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "tests/unit/services/fetch/world.h"

namespace kawat::fetch {
namespace {

using article::OutcomeKind;
using article::Reason;

constexpr char kRobots[] = "https://a.example/robots.txt";
constexpr char kFeed[] = "https://a.example/feed";
constexpr char kStory[] = "https://a.example/story";

TEST(FrontierRobotsTest, NeverAsksWhatRobotsForbids) {
  World world;
  world.web.Serve(kRobots, "User-agent: *\nDisallow: /private\n");
  world.AddSource(SourceA());
  world.AddEntry("https://a.example/private/1");
  world.AddEntry(kStory);
  ASSERT_OK(world.Run(absl::Seconds(10)));
  world.AddEntry("https://a.example/private/1");
  ASSERT_OK(world.Run(absl::Seconds(10)));
  EXPECT_EQ(world.web.Count("https://a.example/private/1"), 0);
  EXPECT_EQ(world.State("https://a.example/private/1").outcome, OutcomeKind::kDisallowed);
  EXPECT_EQ(world.State("https://a.example/private/1").reason, Reason::kRobots);
  EXPECT_EQ(world.web.Count(kStory), 1);
}

TEST(FrontierRobotsTest, ABatchOfForbiddenLinksIsJudgedWithinLimits) {
  World world;
  std::string rules = "User-agent: *\nDisallow: /a\n";
  for (std::size_t i = 0; i < kMaxRobotsWildcards; ++i) {
    absl::StrAppend(&rules, "Disallow: /*aaaaaaa", i, "\n");
  }
  world.web.Serve(kRobots, rules);
  world.AddSource(SourceA());
  std::vector<article::Link> links;
  for (int i = 100; i < 150; ++i) {
    links.push_back(
        {.url = absl::StrCat("https://a.example/", std::string(1000, 'a'), "?", i), .kind = article::LinkKind::kEntry});
  }
  world.AddLinks(links);
  ASSERT_OK(world.Run(absl::Seconds(20)));
  for (const article::Link& link : links) {
    ASSERT_EQ(world.State(link.url).outcome, OutcomeKind::kDisallowed);
  }
  const std::uint64_t before = world.frontier->robots().judging();
  world.AddLinks(links);
  ASSERT_OK(world.Run(absl::Seconds(1)));
  EXPECT_GT(world.frontier->robots().judging() - before, 1'000'000u) << "nothing was judged again";
  EXPECT_LE(world.frontier->robots().judging() - before, 2 * kMaxJudging);
}

TEST(FrontierRobotsTest, JudgesByRulesThatAreInTheStateAlone) {
  World world(FrontierOptions{.max_robots_bytes = 1});
  world.AddSource(SourceA());
  for (const char* host : {"a", "b", "c"}) {
    world.web.Serve(absl::StrCat("https://", host, ".example/robots.txt"), "User-agent: *\nDisallow: /private\n");
    world.AddEntry(absl::StrCat("https://", host, ".example/1"));
  }
  ASSERT_OK(world.Run(absl::Seconds(10)));
  world.Start();
  for (const char* host : {"a", "b", "c"}) {
    world.AddEntry(absl::StrCat("https://", host, ".example/private"));
    world.AddEntry(absl::StrCat("https://", host, ".example/2"));
  }
  ASSERT_OK(world.Run(absl::Seconds(10)));
  for (const char* host : {"a", "b", "c"}) {
    EXPECT_EQ(world.web.Count(absl::StrCat("https://", host, ".example/private")), 0);
    EXPECT_EQ(world.web.Count(absl::StrCat("https://", host, ".example/2")), 1);
    EXPECT_EQ(world.web.Count(absl::StrCat("https://", host, ".example/robots.txt")), 1);
  }
}

TEST(FrontierRobotsTest, ARobotsTxtThatFailsForbidsAllUntilItIsHad) {
  World world;
  world.web.Serve(kRobots, {.status = 503});
  world.AddSource(SourceA());
  ASSERT_OK(world.Run(absl::Seconds(30)));
  EXPECT_EQ(world.web.asked().size(), 1u);
  EXPECT_EQ(world.State(kFeed).outcome, OutcomeKind::kDisallowed);
  world.web.Serve(kRobots, "");
  ASSERT_OK(world.Run(absl::Seconds(60)));
  EXPECT_EQ(world.web.Count(kFeed), 1);
}

TEST(FrontierRobotsTest, AHostThatCannotBeReachedIsAFailureOfItsUrls) {
  World world;
  world.web.Serve(kRobots, {.reason = Reason::kConnect, .detail = "nobody listens"});
  world.AddSource(SourceA());
  world.AddEntry(kStory);
  ASSERT_OK(world.Run(absl::Minutes(20)));
  EXPECT_EQ(world.State(kStory).outcome, OutcomeKind::kFailure);
  EXPECT_EQ(world.State(kStory).reason, Reason::kConnect);
  EXPECT_NE(world.State(kStory).detail.find("nobody listens"), std::string::npos) << world.State(kStory).detail;
  EXPECT_EQ(world.web.Count(kStory), 0);
}

TEST(FrontierRobotsTest, FollowsRedirectsOfRobotsTxt) {
  World world;
  world.web.Serve(kRobots, {.status = 301, .headers = {{"location", "https://www.a.example/r.txt"}}});
  world.web.Serve("https://www.a.example/r.txt", "User-agent: *\nDisallow: /story\n");
  world.AddSource(SourceA());
  world.AddEntry(kStory);
  ASSERT_OK(world.Run(absl::Seconds(10)));
  EXPECT_EQ(world.State(kStory).outcome, OutcomeKind::kDisallowed);
  EXPECT_EQ(world.web.Count(kFeed), 1);
}

// 200 hosts whose robots.txt is redirected to `target`; what `target`'s host was asked.
std::vector<support::FakeWeb::Asked> AskedOfTarget(World& world, const std::string& target) {
  world.web.Serve("https://b.example/robots.txt", "User-agent: *\nDisallow: /private\n");
  world.AddSource(SourceA());
  for (int i = 0; i < 200; ++i) {
    world.web.Serve(absl::StrCat("https://h", i, ".example/robots.txt"),
                    {.status = 302, .headers = {{"location", target}}});
    world.AddEntry(absl::StrCat("https://h", i, ".example/story"));
  }
  EXPECT_OK(world.Run(absl::Seconds(20)));
  std::vector<support::FakeWeb::Asked> asked = world.web.asked();
  std::erase_if(asked, [](const auto& each) { return !each.request.url.starts_with("https://b.example/"); });
  return asked;
}

TEST(FrontierRobotsTest, ARedirectToWhatAnotherHostMayForbidIsNotFollowed) {
  World world;
  EXPECT_TRUE(AskedOfTarget(world, "https://b.example/private/secret?x").empty());
  EXPECT_EQ(world.web.Count("https://h0.example/story"), 0);
  EXPECT_EQ(world.State("https://h0.example/story").outcome, OutcomeKind::kDisallowed);
  EXPECT_TRUE(world.State("https://h0.example/story").due.has_value()) << "is asked again later";
}

TEST(FrontierRobotsTest, RedirectsToAnotherHostsRobotsTxtWaitForItsTurns) {
  World world;
  const std::vector<support::FakeWeb::Asked> asked = AskedOfTarget(world, "https://b.example/robots.txt");
  EXPECT_GT(asked.size(), 5u);
  for (std::size_t i = 1; i < asked.size(); ++i) {
    EXPECT_GE(asked[i].start - asked[i - 1].end, absl::Seconds(1));
  }
}

std::string HostOfShard(std::int32_t partition, std::string_view suffix) {
  for (int i = 0;; ++i) {
    std::string host = absl::StrCat("h", i, std::string(suffix));
    if (bus::PartitionOf(host, 2) == partition) {
      return host;
    }
  }
}

TEST(FrontierRobotsTest, ARedirectToAnotherShardsHostIsFollowedWithinItsDomainAlone) {
  const std::string here = HostOfShard(0, ".example");
  for (const std::string& there : {HostOfShard(1, absl::StrCat(".", here)), HostOfShard(1, ".example")}) {
    World world(FrontierOptions{.partition = 0, .partitions = 2});
    const std::string target = absl::StrCat("https://", there, "/robots.txt");
    world.web.Serve(absl::StrCat("https://", here, "/robots.txt"), {.status = 301, .headers = {{"location", target}}});
    world.web.Serve(target, "");
    world.AddSource({.id = "a", .name = "A", .homepage_url = absl::StrCat("https://", here, "/")});
    ASSERT_OK(world.Run(absl::Seconds(10)));
    const bool own = there.ends_with(here);
    EXPECT_EQ(world.web.Count(target), own ? 1 : 0);
    EXPECT_EQ(world.web.Count(absl::StrCat("https://", here, "/")), own ? 1 : 0);
  }
}

TEST(FrontierRobotsTest, AHostFirstMetWhileItServesAnothersRobotsTxtIsNotAskedTwiceAtOnce) {
  World world;
  world.web.SetLatency(absl::Seconds(2));
  world.web.Serve(kRobots, {.status = 301, .headers = {{"location", "https://b.example/robots.txt"}}});
  world.AddSource(SourceA());
  ASSERT_OK(world.Run(absl::Milliseconds(4500)));
  ASSERT_EQ(world.web.Count("https://b.example/robots.txt"), 1);
  world.AddEntry("https://b.example/story");
  ASSERT_OK(world.Run(absl::Seconds(15)));
  EXPECT_EQ(world.web.Count("https://b.example/story"), 1);
  std::map<std::string, absl::Time> last_end;  // by host
  for (const support::FakeWeb::Asked& asked : world.web.asked()) {
    const auto [last, first] =
        last_end.emplace(url::Url::Parse(asked.request.url)->host_and_port(), absl::InfinitePast());
    EXPECT_GE(asked.start - last->second, absl::Seconds(1)) << asked.request.url;
    last->second = asked.end;
  }
}

}  // namespace
}  // namespace kawat::fetch
