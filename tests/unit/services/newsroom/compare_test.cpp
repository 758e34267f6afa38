#include "services/newsroom/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kawat::newsroom {
namespace {

using testing::HasSubstr;

const absl::Time kPublished = absl::FromUnixSeconds(1'800'000'000);

// Three articles, two of them copies; a feed; one dead link. All found as it should be.
struct Case {
  Truth truth;
  Found found;

  Case() {
    truth.announced = 3;
    for (int i = 0; i < 3; ++i) {
      const std::string url = "https://a.example/" + std::to_string(i);
      truth.articles.push_back(
          {url, "a", "Title", "Body", {"Ann"}, kPublished, "en", "Kyodo", "© Kyodo News 2027.", i == 2 ? 2 : 1, 1});
      FoundArticle article;
      article.canonical_url = article.url = url;
      article.source_id = "a";
      article.title = "Title";
      article.body = "Body";
      article.authors = {"Ann"};
      article.published = kPublished;
      article.language = "en-GB";
      article.agency = "Kyodo";
      article.credit = "© Kyodo News 2027.";
      article.cluster_id = i == 2 ? "c2" : "c1";
      article.revision = 1;
      found.articles.push_back(article);
      truth.urls.push_back({url, "ARTICLE", "", "", false});
      found.outcomes[url] = {"ARTICLE", "", "", "id", true};
    }
    truth.urls.push_back({"https://a.example/feed", "LINKS_ONLY", "FEED", "", true});
    found.outcomes["https://a.example/feed"] = {"NOT_MODIFIED", "", "", "", false};
    truth.urls.push_back({"https://a.example/dead", "FAILURE", "NOT_FOUND", "", false});
    found.outcomes["https://a.example/dead"] = {"FAILURE", "NOT_FOUND", "", "", false};
  }

  std::vector<std::string> Problems() const {
    std::vector<std::string> problems;
    for (const Finding& finding : Compare(truth, found).findings) {
      problems.push_back(std::string(NameOf(finding.problem)) + (finding.field.empty() ? "" : " " + finding.field));
    }
    return problems;
  }
};

TEST(CompareTest, WhatIsAsItShouldBeHasNoFindings) {
  const Case all;
  const CheckReport report = Compare(all.truth, all.found);
  EXPECT_TRUE(report.ok()) << ToTable(report);
  EXPECT_EQ(report.compared, 3);
  EXPECT_EQ(report.urls, 5);
}

TEST(CompareTest, EachFieldThatDiffersIsNamed) {
  Case one;
  FoundArticle& article = one.found.articles[2];
  article.title = "Titel";
  article.body = "Body and more";
  article.authors = {};
  article.published += absl::Seconds(1);
  article.source_id = "b";
  article.language = "ja";
  article.agency = "";
  article.credit = "© Kyodo News 2026.";
  article.revision = 2;
  article.cluster_id = "c1";
  EXPECT_THAT(one.Problems(),
              testing::ElementsAre("different title", "different body", "different authors", "different published",
                                   "different source", "different language", "different agency", "different credit",
                                   "different revision", "different cluster"));
}

TEST(CompareTest, CopiesInTwoClustersDiffer) {
  Case split;
  split.found.articles[1].cluster_id = "c3";
  EXPECT_THAT(split.Problems(), testing::ElementsAre("different cluster"));
}

TEST(CompareTest, AnArticleThatIsNotStoredIsMissing) {
  Case lost;
  lost.found.articles.pop_back();
  EXPECT_THAT(lost.Problems(), testing::ElementsAre("missing"));
}

TEST(CompareTest, AnArticleThatIsNotTrueIsSurplus) {
  Case invented;
  FoundArticle article;
  article.canonical_url = "https://a.example/invented";
  invented.found.articles.push_back(article);
  EXPECT_THAT(invented.Problems(), testing::ElementsAre("surplus"));
}

TEST(CompareTest, AnArticleThatWasNotServedIsNotCompared) {
  Case early;
  early.truth.articles[2].revisions_served = 0;
  early.found.articles.pop_back();
  EXPECT_THAT(early.Problems(), testing::ElementsAre("too few compared"));
}

TEST(CompareTest, AnOutcomeMayBeWrongOrAbsent) {
  Case wrong;
  wrong.found.outcomes["https://a.example/dead"].reason = "HTTP_SERVER_ERROR";
  wrong.found.outcomes.erase("https://a.example/feed");
  wrong.found.outcomes["https://a.example/0"].outcome = "NOT_MODIFIED";  // was never answered so
  EXPECT_THAT(wrong.Problems(), testing::ElementsAre("outcome wrong", "outcome wrong", "outcome wrong"));
}

TEST(CompareTest, ARedirectMustLeadWhereItLed) {
  Case moved;
  moved.truth.urls.push_back({"https://a.example/go", "MOVED", "", "https://a.example/0", false});
  moved.found.outcomes["https://a.example/go"] = {"MOVED", "", "https://a.example/1", "", false};
  EXPECT_THAT(moved.Problems(), testing::ElementsAre("outcome wrong moved_to"));
}

TEST(CompareTest, MannersCount) {
  Case rude;
  rude.truth.forbidden_asked["https://a.example/private"] = 2;
  rude.truth.hosts.push_back({"a.example", 10, 3, 1, 12.5});
  EXPECT_THAT(rude.Problems(),
              testing::ElementsAre("forbidden asked", "asked too fast delay", "asked too fast connections"));
}

TEST(CompareTest, WhatIsStillToComeIsNotDone) {
  Case unfinished;
  unfinished.truth.unpublished = 4;
  EXPECT_THAT(unfinished.Problems(), testing::ElementsAre("unpublished"));
  unfinished.truth.unpublished = 0;
  unfinished.truth.revisions_pending = 1;
  EXPECT_THAT(unfinished.Problems(), testing::ElementsAre("unpublished"));
}

TEST(CompareTest, OfRealPagesOnlyTheOutcomeAndTheStoreCount) {
  Truth truth;
  truth.pages = true;
  truth.urls = {{"https://p.example/1", "ANY", "", "", false}, {"https://p.example/2", "ANY", "", "", false}};
  Found found;
  found.outcomes["https://p.example/1"] = {"LINKS_ONLY", "NO_TEXT", "", "", false};
  found.outcomes["https://p.example/2"] = {"ARTICLE", "", "", "id", true};
  found.articles.resize(1);
  EXPECT_TRUE(Compare(truth, found).ok());
  found.outcomes["https://p.example/2"].article_stored = false;
  EXPECT_EQ(Compare(truth, found).findings.at(0).problem, Problem::kMissing);
  found.outcomes.erase("https://p.example/1");
  EXPECT_EQ(Compare(truth, found).findings.size(), 3U);  // missing, no outcome, too few
}

TEST(ReportTest, TheTableShowsWhereTextsPart) {
  Case one;
  one.truth.articles[0].body = "第一段落です。\n" + std::string(200, 'x') + "OLD";
  one.found.articles[0].body = "第一段落です。\n" + std::string(200, 'x') + "NEW";
  const std::string table = ToTable(Compare(one.truth, one.found));
  EXPECT_THAT(table, HasSubstr("xOLD"));
  EXPECT_THAT(table, HasSubstr("xNEW"));
}

TEST(ReportTest, TheJsonIsRawUtf8WithAllFindings) {
  Case one;
  one.found.articles[0].title = "東京";
  const std::string json = ToJson(Compare(one.truth, one.found));
  EXPECT_THAT(json, HasSubstr(R"("ok":false)"));
  EXPECT_THAT(json, HasSubstr("東京"));
  EXPECT_THAT(json, HasSubstr(R"("different":1)"));
}

TEST(ReadTruthTest, AnythingElseIsAnError) {
  for (const std::string text : {"", "[]", "{}", R"({"mode": 3})", "<html>"}) {
    EXPECT_EQ(ReadTruth(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace kawat::newsroom
