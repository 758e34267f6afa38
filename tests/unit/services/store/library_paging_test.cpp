#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/store/library.h"
#include "tests/unit/services/store/library_fixture.h"

namespace kawat::store {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST_P(LibraryTest, PagesGoThroughAllShardsWithoutGapOrRepeat) {
  std::vector<article::Article> articles;
  for (int i = 0; i < 100; ++i) {
    articles.push_back(Article(absl::StrCat("s", i), kNow - i / 4, "gempa"));
  }
  SendAndRun(articles);
  for (const bool search : {false, true}) {
    std::vector<FoundArticle> all;
    PageRequest request{.size = 7};
    do {
      const absl::StatusOr<Page> page = search ? Now().Search("gempa", {}, request, {}) : Now().List({}, request, {});
      ASSERT_OK(page);
      all.insert(all.end(), page->articles.begin(), page->articles.end());
      request.token = page->next_page_token;
    } while (!request.token.empty());
    std::set<std::string> ids;
    for (std::size_t i = 0; i < all.size(); ++i) {
      ids.insert(all[i].article.id);
      EXPECT_TRUE(i == 0 || all[i].article.observed_time <= all[i - 1].article.observed_time);
    }
    EXPECT_EQ(ids.size(), 100U);
    EXPECT_THAT(all, SizeIs(100));
  }
}

TEST_P(LibraryTest, APageEndsBeforeItsMessageIsTooLarge) {
  std::vector<article::Article> articles;
  for (int i = 0; i < 10; ++i) {
    articles.push_back(Article(absl::StrCat("s", i), kNow - i, std::string(500'000, 'x')));
  }
  SendAndRun(articles);
  ASSERT_OK_AND_ASSIGN(const Page page, Now().List({}, {}, {}));
  EXPECT_THAT(page.articles, SizeIs(7));
  EXPECT_NE(page.next_page_token, "");
}

TEST_P(LibraryTest, AllStringsOfAnArticleCountForTheSizeOfAPage) {
  std::vector<article::Article> articles;
  for (int i = 0; i < 10; ++i) {
    articles.push_back(Article(absl::StrCat("s", i), kNow - i, "x"));
    articles.back().authors.assign(20, std::string(12'500, 'a'));
    articles.back().image_url = std::string(250'000, 'i');
  }
  SendAndRun(articles);
  ASSERT_OK_AND_ASSIGN(const Page page, Now().List({}, {}, {}));
  EXPECT_THAT(page.articles, SizeIs(7));
}

TEST_P(LibraryTest, PagesOfTheGreatestSizeAreGiven) { EXPECT_OK(Now().List({}, {.size = kMaxPageSize}, {})); }

TEST_P(LibraryTest, ErrorsNameTheField) {
  const Library library = Now();
  const auto message = [](const absl::StatusOr<Page>& page) {
    EXPECT_EQ(page.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(page.status().message());
  };
  EXPECT_THAT(message(library.List({}, {.size = kMaxPageSize + 1}, {})), HasSubstr("page_size"));
  EXPECT_THAT(message(library.List({}, {.size = -1}, {})), HasSubstr("page_size"));
  EXPECT_THAT(message(library.List({}, {.token = "?"}, {})), HasSubstr("page_token"));
  EXPECT_THAT(message(library.Search("\"x", {}, {}, {})), HasSubstr("query"));
}

TEST_P(LibraryTest, EndsWithTheReadersPatience) {
  SendAndRun({Article("antara", kNow, "gempa")});
  const Patience late{.deadline = absl::Now() - absl::Seconds(1)};
  const Patience gone{.cancelled = [] { return true; }};
  EXPECT_EQ(Now().GetStats(late).status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(Now().GetCluster(IdOf("antara"), true, late).status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(Now().GetCluster(IdOf("antara"), true, gone).status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace kawat::store
