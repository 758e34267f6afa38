// robots.txt: what it forbids, what its absence does, and whose turn its redirects take.
#include <gtest/gtest.h>

#include <map>

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
  world.web.Serve(kRobots, {.reason = Reason::kConnect});
  world.AddSource(SourceA());
  world.AddEntry(kStory);
  ASSERT_OK(world.Run(absl::Minutes(20)));
  EXPECT_EQ(world.State(kStory).outcome, OutcomeKind::kFailure);
  EXPECT_EQ(world.State(kStory).reason, Reason::kConnect);
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

TEST(FrontierRobotsTest, AHostFirstMetWhileItServesAnothersRobotsTxtIsNotAskedTwiceAtOnce) {
  World world;
  world.web.SetLatency(absl::Seconds(2));
  world.web.Serve(kRobots, {.status = 301, .headers = {{"location", "https://b.example/r.txt"}}});
  world.AddSource(SourceA());
  ASSERT_OK(world.Run(absl::Milliseconds(4500)));
  ASSERT_EQ(world.web.Count("https://b.example/r.txt"), 1);
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
