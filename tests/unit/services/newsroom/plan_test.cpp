#include "services/newsroom/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/str_split.h"

namespace kawat::newsroom {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

World Make(std::uint64_t seed, int articles, double rate = 0) {
  return MakeWorld({.seed = seed, .articles = articles, .rate_per_second = rate, .start = kStart});
}

std::vector<std::string> Facts(const World& world) {
  std::vector<std::string> facts;
  for (const Article& article : world.articles) {
    facts.push_back(article.url + " " + WriteRfc3339(article.published));
    for (const Content& revision : article.revisions) {
      facts.push_back(revision.title + revision.Body());
    }
  }
  for (const Resource& resource : world.resources) {
    facts.push_back(resource.url + std::string(KindName(resource.outcome)) + resource.reply.body);
  }
  return facts;
}

TEST(PlanTest, TheSameSeedGivesTheSameWeb) { EXPECT_EQ(Facts(Make(5, 150)), Facts(Make(5, 150))); }
TEST(PlanTest, AnotherSeedGivesAnotherWeb) { EXPECT_NE(Facts(Make(5, 150)), Facts(Make(6, 150))); }

TEST(PlanTest, ThereAreExactlyAsManyArticlesAsAskedFor) {
  for (const int articles : {0, 1, 2, 7, 500}) {
    EXPECT_EQ(Make(1, articles).articles.size(), static_cast<std::size_t>(articles));
  }
}

TEST(PlanTest, UrlsAndBodiesAreUniqueButForAgencyCopies) {
  const World world = Make(3, 1000);
  std::set<std::string> urls;
  for (const Resource& resource : world.resources) {
    EXPECT_TRUE(urls.insert(HostOf(resource.url) + TargetOf(resource.url)).second) << resource.url;
  }
  std::map<std::string, int> cluster_of_body;
  std::map<int, int> copies;
  for (const Article& article : world.articles) {
    ++copies[article.cluster];
    for (const Content& revision : article.revisions) {
      const auto [at, fresh] = cluster_of_body.emplace(revision.Body(), article.cluster);
      EXPECT_EQ(at->second, article.cluster) << article.url;
    }
    if (!article.agency.empty()) {
      EXPECT_EQ(article.revisions.size(), 1U) << "a copy that changes has no clear cluster";
    }
  }
  EXPECT_THAT(copies, testing::Contains(testing::Pair(testing::_, testing::Gt(2))));
}

TEST(PlanTest, EveryLanguageStyleAndFeedFormatIsThere) {
  const World world = Make(9, 40);
  std::set<std::string> languages;
  std::set<Style> styles;
  std::set<FeedFormat> formats;
  std::set<TimeForm> time_forms;
  for (const Outlet& outlet : world.outlets) {
    if (!outlet.homepage_url.empty()) {
      languages.insert(outlet.language);
      styles.insert(outlet.style);
      formats.insert(outlet.feed_format);
      time_forms.insert(outlet.time_form);
    }
  }
  EXPECT_THAT(languages, testing::ElementsAre("en", "id", "ja"));
  EXPECT_EQ(styles.size(), 5U);
  EXPECT_EQ(formats.size(), 2U);
  EXPECT_GE(time_forms.size(), 4U);
}

TEST(PlanTest, EveryOutcomeHasAUrl) {
  std::set<Outcome> outcomes;
  for (const Resource& resource : Make(2, 60).resources) {
    outcomes.insert(resource.outcome);
  }
  for (int outcome = 0; outcome <= static_cast<int>(Outcome::kDisallowed); ++outcome) {
    EXPECT_TRUE(outcomes.contains(static_cast<Outcome>(outcome))) << outcome;
  }
}

TEST(PlanTest, WithARateArticlesComeOneAfterTheOther) {
  const World world = Make(2, 10, 4);
  for (std::size_t i = 0; i < world.articles.size(); ++i) {
    EXPECT_EQ(world.articles[i].after_start, absl::Milliseconds(250) * i);
    EXPECT_LE(world.articles[i].published, kStart + world.articles[i].after_start);
  }
}

// A reading of robots.txt (RFC 9309) of the test's own: the longest matching rule of the group for all wins.
bool Forbids(const std::string& robots, const std::string& target) {
  const auto matches = [&target](std::string rule) {
    const bool anchored = rule.ends_with('$');
    rule = anchored ? rule.substr(0, rule.size() - 1) : rule;
    const std::vector<std::string> parts = absl::StrSplit(rule, '*');
    std::size_t at = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const std::size_t found = target.find(parts[i], at);
      if (found == std::string::npos || (i == 0 && found != 0)) {
        return false;
      }
      at = found + parts[i].size();
    }
    return !anchored || at == target.size();
  };
  bool ours = false;
  bool forbids = false;
  std::size_t longest = 0;
  const std::vector<std::string> lines = absl::StrSplit(robots, absl::ByAnyChar("\r\n"));
  for (std::string line : lines) {
    line = line.substr(0, line.find('#'));
    line = line.substr(0, line.find_last_not_of(' ') + 1);
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) {
      continue;
    }
    const std::string value = line.substr(colon + 2);
    if (line.starts_with("User") || line.starts_with("user")) {
      ours = value == "*";
    } else if (ours && value.size() > longest && matches(value)) {
      longest = value.size();
      forbids = line.starts_with("Disallow");
    }
  }
  return forbids;
}

TEST(PlanTest, RobotsTxtForbidsExactlyWhatMustNotBeAsked) {
  const World world = Make(4, 300);
  std::map<std::string, std::string> robots;
  for (const Resource& resource : world.resources) {
    if (resource.kind == Kind::kRobots && resource.reply.status == 200) {
      robots[HostOf(resource.url)] = resource.reply.body;
    }
  }
  int forbidden = 0;
  for (const Resource& resource : world.resources) {
    EXPECT_EQ(Forbids(robots[HostOf(resource.url)], TargetOf(resource.url)), resource.forbidden) << resource.url;
    EXPECT_EQ(resource.forbidden, resource.outcome == Outcome::kDisallowed);
    forbidden += resource.forbidden ? 1 : 0;
  }
  EXPECT_GE(forbidden, 40);
}

}  // namespace
}  // namespace kawat::newsroom
