#include "services/fetch/frontier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/unit/services/fetch/world.h"

namespace kawat::fetch {
namespace {

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
  std::vector<std::string> asked_with;
  for (const support::FakeWeb::Asked& asked : world.web.asked()) {
    if (asked.request.url == kFeed) {
      asked_with.push_back(asked.request.if_none_match);
    }
  }
  EXPECT_EQ(asked_with, (std::vector<std::string>{"", "\"1\""}));
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

TEST(FrontierTest, AFeedMayNameAnotherSourcesArticleButSayNothingOfIt) {
  World world;
  world.web.Serve(kStory, "story");
  world.web.Serve("https://a.example/known", "known");
  world.AddSource(SourceA());
  world.AddSource({.id = "b", .name = "B", .homepage_url = "https://b.example/"});
  world.AddEntry("https://a.example/known", "Title");
  ASSERT_OK(world.Run(absl::Seconds(10)));
  for (int i = 0; i < 3; ++i) {
    const absl::Time now = world.clock.Now();
    for (const char* url : {kStory, "https://a.example/known"}) {
      for (const LinkKind kind : {LinkKind::kEntry, LinkKind::kRedirect}) {
        world.AddLinks({{.url = url,
                         .kind = kind,
                         .title = absl::StrCat("False ", i),
                         .published_time = now - absl::Hours(1),
                         .modified_time = now}},
                       "https://b.example/feed", "b");
      }
    }
    ASSERT_OK(world.Run(absl::Seconds(10)));
  }
  EXPECT_EQ(world.web.Count(kStory), 1);
  EXPECT_EQ(world.web.Count("https://a.example/known"), 1);
  for (const article::Page& page : world.Pages()) {
    EXPECT_THAT(page.hint_title, testing::AnyOf("", "Title")) << page.url;
    EXPECT_FALSE(page.hint_published_time.has_value()) << page.url;
  }
  world.AddEntry("https://a.example/known", "Another title");
  ASSERT_OK(world.Run(absl::Seconds(10)));
  EXPECT_EQ(world.web.Count("https://a.example/known"), 2) << "its own feed was not heard any more";
}

TEST(FrontierTest, ATimeOfModificationFarAheadIsNotBelieved) {
  World world;
  world.web.Serve(kStory, "story");
  world.AddSource(SourceA());
  world.AddEntry(kStory, "Title", world.clock.Now() + absl::Hours(24 * 365));
  ASSERT_OK(world.Run(absl::Seconds(10)));
  world.AddEntry(kStory, "Title", world.clock.Now());
  ASSERT_OK(world.Run(absl::Seconds(10)));
  EXPECT_EQ(world.web.Count(kStory), 2);
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

TEST(FrontierTest, WhatASourceBringsOnForeignHostsHasABudgetADay) {
  World world(FrontierOptions{.limits = {.delay = absl::Milliseconds(10)}, .foreign_links_per_source_per_day = 5});
  world.AddSource(SourceA());
  ASSERT_OK(world.Run(absl::Seconds(1)));
  const auto bring = [&](int from) {
    for (int i = from; i < from + 10; ++i) {
      world.AddEntry(absl::StrCat("https://h", i, ".example/story"));
      world.AddLinks({{.url = absl::StrCat("https://r", i, ".example/story"), .kind = LinkKind::kRedirect}});
      world.AddEntry(absl::StrCat("https://a.example/", i));
    }
    ASSERT_OK(world.Run(absl::Seconds(5)));
  };
  bring(0);
  bring(10);
  const auto asked = [&](std::string_view prefix) {
    const auto& all = world.web.asked();
    return std::count_if(all.begin(), all.end(), [&](const auto& each) {
      return each.request.url.starts_with(prefix) && !each.request.url.ends_with("/robots.txt");
    });
  };
  EXPECT_EQ(asked("https://h") + asked("https://r"), 5);
  EXPECT_EQ(asked("https://a.example/"), 2 + 20) << "its own hosts pay nothing";
  world.clock.Advance(absl::Hours(24));
  bring(20);
  EXPECT_EQ(asked("https://h") + asked("https://r"), 10);
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
