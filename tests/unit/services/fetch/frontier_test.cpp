#include "services/fetch/frontier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/unit/services/fetch/world.h"

namespace kawat::fetch {
namespace {

using article::Link;
using article::LinkKind;
using article::OutcomeKind;
using article::Reason;

constexpr char kRobots[] = "https://a.example/robots.txt";
constexpr char kFeed[] = "https://a.example/feed";
constexpr char kHome[] = "https://a.example/";
constexpr char kStory[] = "https://a.example/story";

TEST(FrontierTest, AsksRobotsFirstThenTheSourcesOwnUrls) {
  World world;
  world.web.Serve(kFeed, "feed");
  world.AddSource(SourceA());
  ASSERT_OK(world.Run(absl::Seconds(5)));
  ASSERT_EQ(world.web.asked().size(), 3u);
  EXPECT_EQ(world.web.asked()[0].request.url, kRobots);
  EXPECT_EQ(world.Pages().size(), 1u);
  EXPECT_EQ(world.Pages()[0].url, kFeed);
  EXPECT_EQ(world.Pages()[0].kind, LinkKind::kFeed);
  EXPECT_EQ(world.Pages()[0].source_id, "a");
  EXPECT_EQ(world.State(kHome).reason, Reason::kNotFound);
}

TEST(FrontierTest, PollsConditionally) {
  World world;
  world.web.Serve(kFeed, "feed", "\"1\"");
  world.AddSource(SourceA());
  ASSERT_OK(world.Run(absl::Seconds(70)));
  EXPECT_EQ(world.web.Count(kFeed), 2);
  EXPECT_EQ(world.web.asked().back().request.if_none_match.empty() ? world.web.asked()[3].request.if_none_match
                                                                   : world.web.asked().back().request.if_none_match,
            "\"1\"");
  EXPECT_EQ(world.State(kFeed).outcome, OutcomeKind::kNotModified);
  EXPECT_EQ(world.Pages().size(), 1u);
}

TEST(FrontierTest, AsksAnArticleOnceAndAgainOnlyWhenItsFeedSaysItChanged) {
  World world;
  world.web.Serve(kStory, "story");
  world.AddSource(SourceA());
  const absl::Time modified = world.clock.Now();
  world.AddEntry(kStory, "Title", modified);
  ASSERT_OK(world.Run(absl::Seconds(10)));
  EXPECT_EQ(world.web.Count(kStory), 1);
  world.AddEntry(kStory, "Title", modified);
  world.AddEntry(kStory, "Title", modified - absl::Hours(1));
  world.AddLinks({{.url = kStory, .kind = LinkKind::kPage, .depth = 1}}, kHome);
  ASSERT_OK(world.Run(absl::Seconds(10)));
  EXPECT_EQ(world.web.Count(kStory), 1);
  world.AddEntry(kStory, "Title", modified + absl::Seconds(1));
  ASSERT_OK(world.Run(absl::Seconds(10)));
  EXPECT_EQ(world.web.Count(kStory), 2);
  world.AddEntry(kStory, "Another title", modified + absl::Seconds(1));
  ASSERT_OK(world.Run(absl::Seconds(10)));
  EXPECT_EQ(world.web.Count(kStory), 3);
  EXPECT_EQ(world.Pages().back().hint_title, "Another title");
}

TEST(FrontierTest, TwoFeedsThatWordATitleDifferentlyAreNoChange) {
  World world;
  world.web.Serve(kStory, "story");
  world.AddSource(SourceA());
  for (int i = 0; i < 3; ++i) {
    world.AddLinks({{.url = kStory, .kind = LinkKind::kEntry, .title = "Title"}}, "https://a.example/feed");
    world.AddLinks({{.url = kStory, .kind = LinkKind::kEntry, .title = "News: Title"}}, "https://a.example/feed2");
    ASSERT_OK(world.Run(absl::Seconds(10)));
  }
  EXPECT_EQ(world.web.Count(kStory), 1);
}

TEST(FrontierTest, AChangeSeenWhileTheUrlIsBeingAskedIsNotLost) {
  World world;
  world.web.Serve(kStory, "story");
  world.AddSource(SourceA());
  ASSERT_OK(world.Run(absl::Seconds(5)));
  world.web.SetLatency(absl::Seconds(2));
  world.AddEntry(kStory, "Title", world.clock.Now());
  ASSERT_OK(world.Run(absl::Seconds(1)));
  ASSERT_EQ(world.web.Count(kStory), 1);
  world.AddEntry(kStory, "Title", world.clock.Now());
  ASSERT_OK(world.Run(absl::Seconds(10)));
  EXPECT_EQ(world.web.Count(kStory), 2);
}

TEST(FrontierTest, NeverAsksWhatRobotsForbids) {
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

TEST(FrontierTest, ARobotsTxtThatFailsForbidsAllUntilItIsHad) {
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

TEST(FrontierTest, AHostThatCannotBeReachedIsAFailureOfItsUrls) {
  World world;
  world.web.Serve(kRobots, {.reason = Reason::kConnect});
  world.AddSource(SourceA());
  world.AddEntry(kStory);
  ASSERT_OK(world.Run(absl::Minutes(20)));
  EXPECT_EQ(world.State(kStory).outcome, OutcomeKind::kFailure);
  EXPECT_EQ(world.State(kStory).reason, Reason::kConnect);
  EXPECT_EQ(world.web.Count(kStory), 0);
}

TEST(FrontierTest, FollowsRedirectsOfRobotsTxt) {
  World world;
  world.web.Serve(kRobots, {.status = 301, .headers = {{"location", "https://www.a.example/r.txt"}}});
  world.web.Serve("https://www.a.example/r.txt", "User-agent: *\nDisallow: /story\n");
  world.AddSource(SourceA());
  world.AddEntry(kStory);
  ASSERT_OK(world.Run(absl::Seconds(10)));
  EXPECT_EQ(world.State(kStory).outcome, OutcomeKind::kDisallowed);
  EXPECT_EQ(world.web.Count(kFeed), 1);
}

TEST(FrontierTest, ARedirectGoesBackAsALinkWithItsChain) {
  World world;
  world.web.Serve(kStory, {.status = 302, .headers = {{"location", "/there#top"}}});
  world.web.Serve("https://a.example/there", "there");
  world.AddSource(SourceA());
  world.AddEntry(kStory, "Title");
  ASSERT_OK(world.Run(absl::Seconds(10)));
  EXPECT_EQ(world.State(kStory).outcome, OutcomeKind::kMoved);
  EXPECT_EQ(world.State(kStory).moved_to, "https://a.example/there");
  ASSERT_EQ(world.Pages().size(), 1u);
  EXPECT_EQ(world.Pages()[0].url, "https://a.example/there");
  EXPECT_EQ(world.Pages()[0].redirects, std::vector<std::string>{kStory});
  EXPECT_EQ(world.Pages()[0].hint_title, "Title");
}

TEST(FrontierTest, AChainOfRedirectsEndsAfterFive) {
  World world;
  for (int i = 0; i < 9; ++i) {
    world.web.Serve(absl::StrCat("https://a.example/", i),
                    {.status = 301, .headers = {{"location", absl::StrCat("/", i + 1)}}});
  }
  world.AddSource(SourceA());
  world.AddEntry("https://a.example/0");
  ASSERT_OK(world.Run(absl::Seconds(30)));
  EXPECT_EQ(world.State("https://a.example/4").outcome, OutcomeKind::kMoved);
  EXPECT_EQ(world.State("https://a.example/5").reason, Reason::kTooManyRedirects);
  EXPECT_EQ(world.web.Count("https://a.example/6"), 0);
}

TEST(FrontierTest, RetriesWhatMayPassAndNothingElse) {
  World world;
  world.web.Serve("https://a.example/500", {.status = 500});
  world.web.Serve("https://a.example/slow", {.reason = Reason::kTimeout});
  world.web.Serve("https://a.example/large", {.reason = Reason::kTooLarge});
  world.AddSource(SourceA());
  for (const char* name : {"500", "slow", "large", "gone"}) {
    world.AddEntry(absl::StrCat("https://a.example/", name));
  }
  ASSERT_OK(world.Run(absl::Minutes(15)));
  EXPECT_EQ(world.web.Count("https://a.example/500"), kMaxTries);
  EXPECT_EQ(world.web.Count("https://a.example/slow"), kMaxTries);
  EXPECT_EQ(world.web.Count("https://a.example/large"), 1);
  EXPECT_EQ(world.web.Count("https://a.example/gone"), 1);
  EXPECT_EQ(world.State("https://a.example/500").reason, Reason::kHttpServerError);
  EXPECT_EQ(world.State("https://a.example/slow").reason, Reason::kTimeout);
  EXPECT_EQ(world.State("https://a.example/gone").reason, Reason::kNotFound);
}

TEST(FrontierTest, KeepsTheOutcomeThatParseReports) {
  World world;
  world.web.Serve(kStory, "story");
  world.AddSource(SourceA());
  world.AddEntry(kStory);
  ASSERT_OK(world.Run(absl::Seconds(10)));
  const std::int64_t seq = world.State(kStory).seq;
  EXPECT_EQ(seq, world.Pages()[0].seq);
  world.AddOutcome({.url = kStory, .seq = seq - 1, .kind = OutcomeKind::kDeadLetter});
  world.AddOutcome({.url = kStory, .seq = seq, .kind = OutcomeKind::kArticle, .article_id = "id"});
  world.AddOutcome({.url = kStory, .seq = seq, .kind = OutcomeKind::kDeadLetter});
  ASSERT_OK(world.Run(absl::Seconds(1)));
  EXPECT_EQ(world.State(kStory).outcome, OutcomeKind::kArticle);
  EXPECT_EQ(world.State(kStory).article_id, "id");
}

TEST(FrontierTest, FollowsLinksWithinTheSourcesDomainsAndDepth) {
  World world;
  world.AddSource(SourceA());
  world.AddLinks({{.url = "https://www.a.example/near", .kind = LinkKind::kPage, .depth = 3},
                  {.url = "https://a.example/deep", .kind = LinkKind::kPage, .depth = 4},
                  {.url = "https://b.example/far", .kind = LinkKind::kPage, .depth = 1},
                  {.url = "https://c.example/entry", .kind = LinkKind::kEntry, .depth = 1}},
                 kHome);
  ASSERT_OK(world.Run(absl::Seconds(10)));
  EXPECT_EQ(world.web.Count("https://www.a.example/near"), 1);
  EXPECT_EQ(world.web.Count("https://a.example/deep"), 0);
  EXPECT_EQ(world.web.Count("https://b.example/far"), 0);
  EXPECT_EQ(world.web.Count("https://c.example/entry"), 1);
}

TEST(FrontierTest, LinksMayComeBeforeTheirSource) {
  World world;
  world.AddEntry(kStory);
  world.AddLinks({{.url = "https://b.example/far", .kind = LinkKind::kPage, .depth = 1}}, kHome);
  ASSERT_OK(world.Run(absl::Seconds(5)));
  EXPECT_TRUE(world.web.asked().empty());
  world.AddSource(SourceA());
  ASSERT_OK(world.Run(absl::Seconds(10)));
  EXPECT_EQ(world.web.Count(kStory), 1);
  EXPECT_EQ(world.web.Count("https://b.example/far"), 0);
}

TEST(FrontierTest, TheLinksOfAHostHaveABudgetADay) {
  World world(FrontierOptions{.limits = {.delay = absl::Milliseconds(10)}, .links_per_host_per_day = 5});
  world.AddSource(SourceA());
  for (int i = 0; i < 20; ++i) {
    world.AddLinks({{.url = absl::StrCat("https://a.example/trap/", i), .kind = LinkKind::kPage, .depth = 1}}, kHome);
  }
  ASSERT_OK(world.Run(absl::Seconds(10)));
  EXPECT_EQ(world.web.asked().size(), 3u + 5u);
}

TEST(FrontierTest, ADeletedSourceIsNotAskedAgain) {
  World world;
  world.web.Serve(kFeed, "feed");
  world.AddSource(SourceA());
  ASSERT_OK(world.Run(absl::Seconds(10)));
  world.DeleteSource("a");
  world.AddEntry(kStory);
  const std::size_t asked = world.web.asked().size();
  ASSERT_OK(world.Run(absl::Minutes(3)));
  EXPECT_EQ(world.web.asked().size(), asked);
}

TEST(FrontierTest, MalformedRecordsBecomeDeadLetters) {
  World world;
  bus::Record record;
  record.topic = std::string(bus::kLinks);
  record.partition = 0;
  record.value = "\xff\xff\xff";
  world.bus.Append(record);
  world.AddSource(SourceA());
  ASSERT_OK(world.Run(absl::Seconds(5)));
  EXPECT_EQ(world.bus.Records(bus::kDeadLetters).size(), 1u);
  EXPECT_EQ(world.web.Count(kFeed), 1);
}

TEST(FrontierTest, AsksNothingWhileTheBusIsSilent) {
  World world;
  world.AddSource(SourceA());
  world.bus.SetLastHeard(world.clock.Now());
  ASSERT_OK(world.Run(absl::Seconds(15)));
  const std::size_t asked = world.web.asked().size();
  ASSERT_GT(asked, 0u);
  for (int i = 0; i < 5; ++i) {
    world.AddEntry(absl::StrCat("https://a.example/", i));
  }
  ASSERT_OK(world.Run(absl::Seconds(15)));
  EXPECT_EQ(world.web.asked().size(), asked);
  world.bus.SetLastHeard(world.clock.Now());
  ASSERT_OK(world.Run(absl::Seconds(5)));
  EXPECT_GT(world.web.asked().size(), asked);
}

TEST(FrontierTest, PollsDoNotStarveTheOthers) {
  World world(FrontierOptions{.limits = {.delay = absl::Seconds(1), .poll_interval = absl::Seconds(1)}});
  world.AddSource(SourceA());
  for (int i = 0; i < 10; ++i) {
    world.AddEntry(absl::StrCat("https://a.example/", i));
  }
  ASSERT_OK(world.Run(absl::Seconds(30)));
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(world.web.Count(absl::StrCat("https://a.example/", i)), 1) << i;
  }
}

}  // namespace
}  // namespace kawat::fetch
