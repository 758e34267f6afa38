#include "article/article.h"

#include <gtest/gtest.h>

namespace kawat::article {
namespace {

constexpr char kId[] = "8e07eff632bc35f0424d8f6bbb8d03bf";

TEST(ArticleTest, TheIdIsHalfOfTheCanonicalUrlsSha256) { EXPECT_EQ(ArticleId("https://news.example/a?b=1"), kId); }

TEST(ArticleTest, AnIdIs32LowerCaseHexDigits) {
  EXPECT_TRUE(IsArticleId(kId));
  for (const std::string text : {"", "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdef0",
                                 "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcdeg"}) {
    EXPECT_FALSE(IsArticleId(text)) << text;
  }
}

TEST(ArticleTest, KeysOfTheTopicAreAsTheyAlwaysWere) {
  EXPECT_EQ(RevisionKey(kId, 2), std::string("a/") + kId + "/2");
  EXPECT_EQ(MembershipKey(kId, 3), std::string("m/") + kId + "/3");
  EXPECT_EQ(AliasKey(kId, "https://news.example/a?b=1"), std::string("u/") + kId + "/" + kId);
  EXPECT_EQ(TakeDownKey(kId), std::string("t/") + kId);
}

TEST(ArticleTest, SortsByWhenItWasSeenIfItWasPublishedLaterOrNobodyKnows) {
  Article article{.observed_time = absl::FromUnixSeconds(100)};
  EXPECT_EQ(SortTime(article), absl::FromUnixSeconds(100));
  article.published_time = absl::FromUnixSeconds(101);
  EXPECT_EQ(SortTime(article), absl::FromUnixSeconds(100));
  article.published_time = absl::FromUnixSeconds(99);
  EXPECT_EQ(SortTime(article), absl::FromUnixSeconds(99));
}

}  // namespace
}  // namespace kawat::article
