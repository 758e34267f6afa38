// What must hold whatever happens: manners, and a state that follows from its records alone.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "tests/unit/services/fetch/world.h"

namespace kawat::fetch {
namespace {

constexpr absl::Duration kDelay = absl::Milliseconds(200);

FrontierOptions Options() { return {.limits = {.delay = kDelay, .poll_interval = absl::Seconds(5)}}; }

// Six hosts, some slow, some with a crawl-delay, redirecting to each other.
void Fill(World& world) {
  for (int host = 0; host < 6; ++host) {
    const std::string root = absl::StrCat("https://h", host, ".example");
    article::Source source{.id = absl::StrCat("h", host), .name = "H", .homepage_url = absl::StrCat(root, "/")};
    source.feed_urls = {absl::StrCat(root, "/feed")};
    world.AddSource(source);
    world.web.Serve(absl::StrCat(root, "/feed"), "feed", "\"1\"");
    world.web.Serve(absl::StrCat(root, "/robots.txt"),
                    host % 3 == 0 ? "User-agent: *\nCrawl-delay: 1\nDisallow: /no" : "User-agent: *\nDisallow: /no");
    for (int i = 0; i < 12; ++i) {
      const std::string url = absl::StrCat(root, "/", i);
      world.AddLinks({{.url = url, .kind = article::LinkKind::kEntry, .title = "T"}}, absl::StrCat(root, "/feed"),
                     source.id);
      world.AddLinks({{.url = absl::StrCat(root, "/no/", i), .kind = article::LinkKind::kEntry}},
                     absl::StrCat(root, "/feed"), source.id);
      if (i % 3 == 0) {
        world.web.Serve(url, {.status = 302,
                              .headers = {{"location", absl::StrCat("https://h", (host + 1) % 6, ".example/r", i)}}});
      } else {
        world.web.Serve(url, "page");
      }
    }
  }
}

void ExpectManners(const World& world, absl::Duration delay_of_two) {
  std::map<std::string, std::pair<absl::Time, absl::Time>> last;  // by host: start, end
  for (const support::FakeWeb::Asked& asked : world.web.asked()) {
    const std::string host = url::Url::Parse(asked.request.url)->host_and_port();
    EXPECT_EQ(asked.request.url.find("/no/"), std::string::npos) << asked.request.url;
    if (const auto before = last.find(host); before != last.end()) {
      const bool slow = host == "h0.example" || host == "h3.example";
      // A request that was cut off by a crash ended with it, at the latest; the start after it waits a delay, too.
      const absl::Time end =
          before->second.second == absl::InfiniteFuture() ? before->second.first : before->second.second;
      EXPECT_GE(asked.start - end, slow ? delay_of_two : kDelay) << asked.request.url;
    }
    last[host] = {asked.start, asked.end};
  }
}

TEST(FrontierRecoveryTest, NoHostIsAskedFasterThanItsDelay) {
  World world(Options());
  Fill(world);
  ASSERT_OK(world.Run(absl::Seconds(60)));
  ExpectManners(world, absl::Seconds(1));
  EXPECT_GT(world.web.asked().size(), 100u);
}

TEST(FrontierRecoveryTest, TheSameRecordsGiveTheSameState) {
  World one(Options());
  Fill(one);
  ASSERT_OK(one.Run(absl::Seconds(20)));
  World two(Options());
  Fill(two);
  ASSERT_OK(two.Run(absl::Seconds(20)));
  EXPECT_EQ(one.store.Dump(), two.store.Dump());
  EXPECT_EQ(one.web.asked().size(), two.web.asked().size());
}

TEST(FrontierRecoveryTest, StartingAgainForgetsNothingAndAsksNothingTooFast) {
  std::mt19937 random(7);
  World world(Options());
  Fill(world);
  for (int i = 0; i < 20; ++i) {
    ASSERT_OK(world.Run(absl::Milliseconds(static_cast<int>(random() % 1500))));
    world.Start();
  }
  ASSERT_OK(world.Run(absl::Seconds(60)));
  ExpectManners(world, kDelay);  // a robots.txt that was not committed makes no promise yet
  for (int host = 0; host < 6; ++host) {
    for (int i = 0; i < 12; ++i) {
      const UrlState state = world.State(absl::StrCat("https://h", host, ".example/", i));
      EXPECT_EQ(state.requests, 1) << host << "/" << i;
      EXPECT_EQ(state.outcome == article::OutcomeKind::kMoved, i % 3 == 0);
      EXPECT_EQ(world.State(absl::StrCat("https://h", host, ".example/no/", i)).outcome,
                article::OutcomeKind::kDisallowed);
    }
  }
}

TEST(FrontierRecoveryTest, DyingAtAnyCallLosesNoUrl) {
  int deaths = 0;
  for (int fault = 1; fault < 25; ++fault) {
    SCOPED_TRACE(absl::StrCat("fault at call ", fault));
    World world(Options());
    Fill(world);
    world.faults->FailCall(fault);
    deaths += world.Run(absl::Seconds(5)).ok() ? 0 : 1;  // offsets that the bus did not take are no reason to die
    world.Start();
    ASSERT_OK(world.Run(absl::Seconds(40)));
    EXPECT_EQ(world.State("https://h1.example/1").http_status, 200);
    EXPECT_EQ(world.State("https://h5.example/11").http_status, 200);
    EXPECT_EQ(world.State("https://h0.example/r3").http_status, 404);
    ExpectManners(world, kDelay);
  }
  EXPECT_GT(deaths, 10) << "hardly a fault was injected: this test proves nothing";
}

TEST(FrontierRecoveryTest, SeqsGrowWhateverTheClockSays) {
  World world(Options());
  Fill(world);
  ASSERT_OK(world.Run(absl::Seconds(10)));
  world.clock.Advance(-absl::Hours(1));
  world.Start();
  ASSERT_OK(world.Run(absl::Seconds(5)));
  world.clock.Advance(absl::Hours(2));
  ASSERT_OK(world.Run(absl::Seconds(20)));
  std::int64_t last = 0;
  for (const article::Page& page : world.Pages()) {
    EXPECT_GT(page.seq, last);
    last = page.seq;
  }
}

TEST(FrontierRecoveryTest, AnotherOwnerWaits) {
  World world(Options());
  Fill(world);
  ASSERT_OK(world.Run(absl::Seconds(3)));
  const std::size_t asked = world.web.asked().size();
  world.options.owner = "another";
  world.Start();
  ASSERT_OK(world.Run(absl::Seconds(15)));
  EXPECT_EQ(world.web.asked().size(), asked);
  ASSERT_OK(world.Run(absl::Seconds(3)));
  EXPECT_GT(world.web.asked().size(), asked);
}

}  // namespace
}  // namespace kawat::fetch
