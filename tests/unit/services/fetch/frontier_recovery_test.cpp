// What must hold whatever happens: manners, and a state that follows from its records alone.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "pipeline/cursor.h"
#include "tests/unit/services/fetch/world.h"

namespace kawat::fetch {
namespace {

constexpr absl::Duration kDelay = absl::Milliseconds(200);

FrontierOptions Options() { return {.limits = {.delay = kDelay, .poll_interval = absl::Seconds(5)}}; }

// Hosts, some with a crawl-delay, redirecting to each other; `links` to each of what is allowed and what is not.
void Fill(World& world, int hosts = 6, int links = 12) {
  for (int host = 0; host < hosts; ++host) {
    const std::string root = absl::StrCat("https://h", host, ".example");
    article::Source source{.id = absl::StrCat("h", host), .name = "H", .homepage_url = absl::StrCat(root, "/")};
    source.feed_urls = {absl::StrCat(root, "/feed")};
    world.AddSource(source);
    world.web.Serve(absl::StrCat(root, "/feed"), "feed", "\"1\"");
    world.web.Serve(absl::StrCat(root, "/robots.txt"),
                    host % 3 == 0 ? "User-agent: *\nCrawl-delay: 1\nDisallow: /no" : "User-agent: *\nDisallow: /no");
    for (int i = 0; i < links; ++i) {
      const std::string url = absl::StrCat(root, "/", i);
      world.AddLinks({{.url = url, .kind = article::LinkKind::kEntry, .title = "T"}}, absl::StrCat(root, "/feed"),
                     source.id);
      world.AddLinks({{.url = absl::StrCat(root, "/no/", i), .kind = article::LinkKind::kEntry}},
                     absl::StrCat(root, "/feed"), source.id);
      if (i % 3 == 0) {
        world.web.Serve(
            url,
            {.status = 302, .headers = {{"location", absl::StrCat("https://h", (host + 1) % hosts, ".example/r", i)}}});
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

// The store without what is the runner's own.
support::MemoryStore::Map StateOf(const support::MemoryStore& store) {
  support::MemoryStore::Map state = store.Dump();
  std::erase_if(state, [](const auto& entry) { return entry.first.starts_with(pipeline::kReservedPrefix); });
  return state;
}

TEST(FrontierRecoveryTest, TheSameRecordsGiveTheSameStateUnderAnotherClock) {
  World world(Options());
  Fill(world);
  ASSERT_OK(world.Run(absl::Seconds(20)));
  ASSERT_GT(world.recorder->records.size(), 300u) << "hardly a record was applied: this test proves nothing";

  support::MemoryStore store;
  ASSERT_OK_AND_ASSIGN(const auto frontier, Frontier::Load(Options(), store, world.clock.Now() + absl::Hours(1000)));
  for (const bus::Record& record : world.recorder->records) {
    std::unique_ptr<state::Txn> txn = store.Begin();
    pipeline::Outbox out(bus::Origin(), 0);
    ASSERT_OK(frontier->Apply(record, *txn, out));
    ASSERT_OK(store.Commit(std::move(txn)));
  }
  EXPECT_EQ(StateOf(store), StateOf(world.store));
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

// How each URL of the shard ended.
std::map<std::string, std::string> Outcomes(const World& world) {
  std::map<std::string, std::string> outcomes;
  EXPECT_OK(world.store.Scan(kUrlPrefix, kUrlPrefix, [&](std::string_view key, std::string_view value) {
    const auto state = DecodeUrlState(value);
    EXPECT_OK(state);
    outcomes[std::string(key)] =
        absl::StrCat(std::string(article::Name(state->outcome)), " ", state->http_status, " ", state->moved_to, " ",
                     state->requests > 0 && !state->polled, " ", state->due.has_value());
    return true;
  }));
  return outcomes;
}

TEST(FrontierRecoveryTest, DyingAtAnyCallChangesNoUrlsOutcome) {
  constexpr int kHosts = 2, kLinks = 4;
  constexpr absl::Duration kDangerous = absl::Seconds(4), kTogether = absl::Seconds(20);
  World calm(Options());
  Fill(calm, kHosts, kLinks);
  ASSERT_OK(calm.Run(kTogether));
  ASSERT_EQ(Outcomes(calm).size(), static_cast<std::size_t>(kHosts * (2 + 2 * kLinks + 2)));
  int deaths = 0;
  for (int call = 1;; ++call) {
    SCOPED_TRACE(absl::StrCat("fault at call ", call));
    World world(Options());
    Fill(world, kHosts, kLinks);
    world.faults->FailCall(call);
    deaths += world.Run(kDangerous).ok() ? 0 : 1;  // offsets that the bus did not take are no reason to die
    if (world.faults->fired() == 0) {
      break;
    }
    world.Start();
    ASSERT_OK(world.Run(kTogether));
    EXPECT_EQ(Outcomes(world), Outcomes(calm));
    ExpectManners(world, kDelay);
  }
  EXPECT_GT(deaths, 30) << "hardly a fault was injected: this test proves nothing";
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

// `lives`: how long each start of the new owner goes on; none of them asks anything.
void ExpectAnotherOwnerWaits(const std::vector<absl::Duration>& lives) {
  World world(Options());
  Fill(world);
  ASSERT_OK(world.Run(absl::Seconds(3)));
  const std::size_t asked = world.web.asked().size();
  world.options.owner = "another";
  for (const absl::Duration life : lives) {
    world.Start();
    ASSERT_OK(world.Run(life));
  }
  EXPECT_EQ(world.web.asked().size(), asked);
  ASSERT_OK(world.Run(absl::Seconds(3)));
  EXPECT_GT(world.web.asked().size(), asked);
}

TEST(FrontierRecoveryTest, AnotherOwnerWaits) { ExpectAnotherOwnerWaits({absl::Seconds(15)}); }

// The former one may go on for the whole of that time, whatever its successor does.
TEST(FrontierRecoveryTest, AnotherOwnerThatDiesWhileItWaitsWaitsAgain) {
  ExpectAnotherOwnerWaits({absl::Seconds(10), absl::Seconds(15)});
}

TEST(FrontierRecoveryTest, AClockThatWasSetBackMakesNobodyRest) {
  World world(Options());
  Fill(world);
  ASSERT_OK(world.Run(absl::Seconds(10)));
  for (int start = 0; start < 2; ++start) {
    const std::size_t asked = world.web.asked().size();
    if (start == 0) {
      world.clock.Advance(-absl::Hours(1));
    }
    world.Start();
    ASSERT_OK(world.Run(absl::Seconds(60)));
    EXPECT_GT(world.web.asked().size(), asked + 10) << "start " << start;
  }
}

TEST(FrontierRecoveryTest, LinksOfALogWhoseClockIsAheadAreAskedAtOnce) {
  World world(Options());
  world.AddSource(SourceA());
  ASSERT_OK(world.Run(absl::Seconds(2)));
  world.clock.Advance(absl::Hours(1));
  world.AddEntry("https://a.example/1");
  world.clock.Advance(-absl::Hours(1));
  ASSERT_OK(world.Run(absl::Seconds(2)));
  EXPECT_EQ(world.web.Count("https://a.example/1"), 1);
  world.clock.Advance(absl::Hours(1));
  world.AddEntry("https://a.example/2");
  world.clock.Advance(-absl::Hours(1));
  world.Start();
  ASSERT_OK(world.Run(absl::Seconds(2)));
  EXPECT_EQ(world.web.Count("https://a.example/2"), 1) << "after a start as well";
}

// A copy of before, or another owner: it does not know what was observed since.
TEST(FrontierRecoveryTest, NotModifiedSinceAnOlderObservationIsNotBelieved) {
  World world(Options());
  world.AddSource(SourceA());
  const std::string url = "https://a.example/1";
  world.web.Serve(url, "first", "\"1\"");
  world.AddEntry(url);
  ASSERT_OK(world.Run(absl::Seconds(3)));
  ASSERT_EQ(world.web.Count(url), 1);
  const std::int64_t seq = world.State(url).seq;
  world.AddOutcome({.url = url, .seq = seq + 1000, .kind = article::OutcomeKind::kArticle, .article_id = "x"});
  ASSERT_OK(world.Run(absl::Seconds(3)));
  ASSERT_EQ(world.web.Count(url), 2);
  EXPECT_EQ(world.web.asked().back().request.url, url);
  EXPECT_EQ(world.web.asked().back().request.if_none_match, "");
  EXPECT_GT(world.State(url).seq, seq + 1000);
}

}  // namespace
}  // namespace kawat::fetch
