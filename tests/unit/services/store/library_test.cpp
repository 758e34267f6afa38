#include "services/store/library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/store/store_world.h"

namespace kawat::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int64_t kNow = 1767225600;  // of the fake clock: 2026-01-01

class LibraryTest : public ::testing::Test {
 protected:
  void SendAndRun(const std::vector<article::Article>& articles) {
    for (const article::Article& article : articles) {
      world_.SendOriginal(article);
    }
    ASSERT_OK(world_.Run());
  }
  template <class Make>
  void SendCluster(int members, Make make) {
    for (int i = 0; i < members; ++i) {
      const article::Article article = make(i);
      world_.Send(article);
      world_.Send(article::Membership{article.id, 1, make(0).id,
                                      i == 0 ? article::Relation::kOriginal : article::Relation::kCopy,
                                      i == 0 ? "" : make(0).id});
    }
    ASSERT_OK(world_.Run());
  }
  std::vector<std::string> Search(const std::string& query, const Filter& filter = {}) {
    return NamesOf(world_.library().Search(query, filter, {}, {}));
  }
  std::vector<std::string> List(const Filter& filter = {}) { return NamesOf(world_.library().List(filter, {}, {})); }

  StoreWorld world_;
};

TEST_F(LibraryTest, GetsByIdAndByAnyUrl) {
  SendAndRun({Article("antara", kNow, "gempa")});
  world_.Send(article::UrlAlias{IdOf("antara"), "https://m.antara.example/x?utm_source=rss"});
  ASSERT_OK(world_.Run());
  for (const char* url :
       {"https://antara.example/news", "https://antara.example/news#top", "https://antara.example/news?utm_source=a",
        "https://m.antara.example/x?utm_source=rss", "https://m.antara.example/x"}) {
    const absl::StatusOr<FoundArticle> found = world_.library().GetByUrl(url);
    ASSERT_OK(found) << url;
    EXPECT_EQ(found->article.id, IdOf("antara")) << url;
  }
  EXPECT_EQ(world_.library().GetByUrl("https://antara.example/other").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(world_.library().GetByUrl("not a url").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(world_.library().Get("a/1").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(world_.library().Get(std::string(32, '0')).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(LibraryTest, ListsAllShardsNewestFirstByTheEarlierOfPublishedAndObserved) {
  article::Article early = Article("tempo", kNow, "x");
  early.published_time = absl::FromUnixSeconds(kNow - 500);
  article::Article future = Article("kompas", kNow - 10, "x");
  future.published_time = absl::FromUnixSeconds(kNow + 999);
  SendAndRun({Article("antara", kNow - 100, "x"), early, future, Article("detik", kNow - 200, "x")});
  EXPECT_THAT(List(), ElementsAre("kompas", "antara", "detik", "tempo"));
  EXPECT_THAT(List({.after = absl::FromUnixSeconds(kNow - 200), .before = absl::FromUnixSeconds(kNow - 10)}),
              ElementsAre("antara", "detik"));
}

TEST_F(LibraryTest, ARevisionKeepsThePlaceOfTheFirstObservation) {
  SendAndRun({Article("antara", kNow - 100, "x"), Article("tempo", kNow - 50, "x")});
  world_.Send(Article("antara", kNow, "y", 2));
  ASSERT_OK(world_.Run());
  EXPECT_THAT(List(), ElementsAre("tempo", "antara"));
  EXPECT_THAT(Search("y"), ElementsAre("antara"));
}

TEST_F(LibraryTest, JoinsTheSourcesOfToday) {
  world_.SendSource({.id = "antara", .name = "Antara", .group = "Media Jepang"});
  world_.SendSource({.id = "tempo", .name = "Tempo", .group = "Media Jepang"});
  SendAndRun(
      {Article("antara", kNow - 2, "gempa"), Article("tempo", kNow - 1, "gempa"), Article("kompas", kNow, "gempa")});
  EXPECT_THAT(Search("gempa group:\"Media Jepang\""), ElementsAre("tempo", "antara"));
  EXPECT_THAT(List({.source_group = "Media Jepang"}), ElementsAre("tempo", "antara"));
  world_.SendSource({.id = "tempo", .name = "Tempo", .group = "Lain"});
  ASSERT_OK(world_.Run());
  EXPECT_THAT(Search("gempa group:\"Media Jepang\""), ElementsAre("antara"));
  EXPECT_THAT(Search("gempa -group:\"Media Jepang\""), ElementsAre("kompas", "tempo"));
  EXPECT_THAT(Search("gempa group:Unknown"), IsEmpty());
  EXPECT_EQ(world_.library().Get(IdOf("antara"))->source_name, "Antara");
}

TEST_F(LibraryTest, ARemovedSourceIsStillNamedByItsArticles) {
  world_.SendSource({.id = "antara", .name = "Antara", .group = "Media Jepang"});
  SendAndRun({Article("antara", kNow, "gempa")});
  const auto sources = [&] { return world_.library().GetStats({})->front().totals.sources; };
  EXPECT_EQ(sources(), 1);
  world_.RemoveSource("antara");
  world_.RemoveSource("antara");
  ASSERT_OK(world_.Run());
  EXPECT_EQ(sources(), 0);
  EXPECT_EQ(world_.library().Get(IdOf("antara"))->source_name, "Antara");
  EXPECT_EQ(world_.library().Get(IdOf("antara"))->source_group, "Media Jepang");
  EXPECT_THAT(Search("group:\"Media Jepang\""), ElementsAre("antara"));
  world_.SendSource({.id = "antara", .name = "Antara News", .group = "Lain"});
  ASSERT_OK(world_.Run());
  EXPECT_EQ(sources(), 1);
  EXPECT_EQ(world_.library().Get(IdOf("antara"))->source_name, "Antara News");
  EXPECT_THAT(Search("group:\"Media Jepang\""), IsEmpty());
  EXPECT_THAT(Search("group:Lain"), ElementsAre("antara"));
}

TEST_F(LibraryTest, AGroupIsFoundInAnyCase) {
  world_.SendSource({.id = "antara", .name = "Antara", .group = "Media Indonesia"});
  SendAndRun({Article("antara", kNow, "gempa")});
  EXPECT_THAT(Search("group:\"media indonesia\""), ElementsAre("antara"));
  EXPECT_THAT(List({.source_group = "MEDIA INDONESIA"}), ElementsAre("antara"));
  EXPECT_THAT(Search("group:media"), IsEmpty());
  const FoundArticle found = *world_.library().Get(IdOf("antara"));
  EXPECT_TRUE(Library::Matches({.source_group = "media indonesia"}, found));
  EXPECT_FALSE(Library::Matches({.source_group = "media"}, found));
}

TEST_F(LibraryTest, FiltersBySourceLanguageAndSite) {
  article::Article english = Article("japan-today", kNow, "gempa");
  english.language = "en-GB";
  SendAndRun({Article("antara", kNow - 1, "gempa"), english});
  EXPECT_THAT(Search("gempa", {.source_id = "antara"}), ElementsAre("antara"));
  EXPECT_THAT(Search("gempa lang:en"), ElementsAre("japan-today"));
  EXPECT_THAT(List({.language = "en-US"}), ElementsAre("japan-today"));
  EXPECT_THAT(Search("site:antara.example"), ElementsAre("antara"));
  EXPECT_THAT(Search("after:2025-12-31 before:2026-01-01"), ElementsAre("antara"));
}

TEST_F(LibraryTest, SearchesAYearBackByObservationUnlessTold) {
  article::Article old = Article("tempo", kNow - 400 * 86400, "gempa");
  article::Article found_late = Article("kompas", kNow - 10, "gempa");
  found_late.published_time = absl::FromUnixSeconds(kNow - 800 * 86400);
  SendAndRun({old, found_late});
  EXPECT_THAT(Search("gempa"), ElementsAre("kompas"));
  EXPECT_THAT(Search("gempa after:2020-01-01"), ElementsAre("tempo", "kompas"));
  EXPECT_THAT(Search("gempa before:2025-12-31"), ElementsAre("tempo", "kompas"));
  EXPECT_THAT(Search("gempa", {.before = absl::FromUnixSeconds(kNow - 86400)}), ElementsAre("tempo", "kompas"));
}

TEST_F(LibraryTest, PagesGoThroughAllShardsWithoutGapOrRepeat) {
  std::vector<article::Article> articles;
  for (int i = 0; i < 100; ++i) {
    articles.push_back(Article(absl::StrCat("s", i), kNow - i / 4, "gempa"));
  }
  SendAndRun(articles);
  for (const bool search : {false, true}) {
    std::vector<FoundArticle> all;
    PageRequest request{.size = 7};
    do {
      const absl::StatusOr<Page> page =
          search ? world_.library().Search("gempa", {}, request, {}) : world_.library().List({}, request, {});
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

TEST_F(LibraryTest, APageEndsBeforeItsMessageIsTooLarge) {
  std::vector<article::Article> articles;
  for (int i = 0; i < 10; ++i) {
    articles.push_back(Article(absl::StrCat("s", i), kNow - i, std::string(500'000, 'x')));
  }
  SendAndRun(articles);
  ASSERT_OK_AND_ASSIGN(const Page page, world_.library().List({}, {}, {}));
  EXPECT_THAT(page.articles, SizeIs(7));
  EXPECT_NE(page.next_page_token, "");
}

TEST_F(LibraryTest, AllStringsOfAnArticleCountForTheSizeOfAPage) {
  std::vector<article::Article> articles;
  for (int i = 0; i < 10; ++i) {
    articles.push_back(Article(absl::StrCat("s", i), kNow - i, "x"));
    articles.back().authors.assign(20, std::string(12'500, 'a'));
    articles.back().image_url = std::string(250'000, 'i');
  }
  SendAndRun(articles);
  ASSERT_OK_AND_ASSIGN(const Page page, world_.library().List({}, {}, {}));
  EXPECT_THAT(page.articles, SizeIs(7));
}

TEST_F(LibraryTest, ErrorsNameTheField) {
  const Library library = world_.library();
  const auto message = [](const absl::StatusOr<Page>& page) {
    EXPECT_EQ(page.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(page.status().message());
  };
  EXPECT_THAT(message(library.List({}, {.size = kMaxPageSize + 1}, {})), HasSubstr("page_size"));
  EXPECT_THAT(message(library.List({}, {.size = -1}, {})), HasSubstr("page_size"));
  EXPECT_THAT(message(library.List({}, {.token = "?"}, {})), HasSubstr("page_token"));
  EXPECT_THAT(message(library.Search("\"x", {}, {}, {})), HasSubstr("query"));
}

TEST_F(LibraryTest, PagesOfTheGreatestSizeAreGiven) {
  EXPECT_OK(world_.library().List({}, {.size = kMaxPageSize}, {}));
}

TEST_F(LibraryTest, EndsWithTheReadersPatience) {
  SendAndRun({Article("antara", kNow, "gempa")});
  const Patience late{.deadline = absl::Now() - absl::Seconds(1)};
  const Patience gone{.cancelled = [] { return true; }};
  EXPECT_EQ(world_.library().GetStats(late).status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(world_.library().GetCluster(IdOf("antara"), true, late).status().code(),
            absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(world_.library().GetCluster(IdOf("antara"), true, gone).status().code(), absl::StatusCode::kCancelled);
}

TEST_F(LibraryTest, OnlyCommonWordsAreAnsweredWithAHint) {
  SendAndRun({Article("antara", kNow, "yang di gempa")});
  ASSERT_OK_AND_ASSIGN(const Page page, world_.library().Search("yang di", {}, {}, {}));
  EXPECT_THAT(page.articles, IsEmpty());
  EXPECT_EQ(page.hint.kind, Hint::Kind::kTooCommon);
}

TEST_F(LibraryTest, AHintMayComeWithWhatWasFound) {
  std::string sentence = "gempa";
  for (std::size_t i = 0; i < kMaxPhraseWords; ++i) {
    absl::StrAppend(&sentence, " kata", i);
  }
  SendAndRun({Article("antara", kNow, sentence)});
  ASSERT_OK_AND_ASSIGN(const Page page, world_.library().Search(absl::StrCat("\"", sentence, "\""), {}, {}, {}));
  EXPECT_THAT(page.articles, SizeIs(1));
  EXPECT_EQ(page.hint.kind, Hint::Kind::kPhraseCut);
}

TEST_F(LibraryTest, HitsShowWhereTheyMatch) {
  SendAndRun({Article("antara", kNow, "Air naik. Gempa terjadi di Aceh.")});
  ASSERT_OK_AND_ASSIGN(const Page page, world_.library().Search("aceh", {}, {}, {}));
  ASSERT_THAT(page.articles, SizeIs(1));
  EXPECT_THAT(page.articles[0].snippet, HasSubstr("di Aceh"));
}

TEST_F(LibraryTest, AClustersMembersComeInTheOrderOfDecision) {
  SendAndRun({Article("antara", kNow, "gempa")});
  for (const char* name : {"tempo", "kompas"}) {
    world_.Send(Article(name, kNow - 100, "gempa"));
    world_.Send(article::Membership{IdOf(name), 1, IdOf("antara"), article::Relation::kCopy, IdOf("antara")});
  }
  ASSERT_OK(world_.Run());
  ASSERT_OK_AND_ASSIGN(const Cluster cluster, world_.library().GetCluster(IdOf("antara"), true, {}));
  std::vector<std::string> names;
  for (const FoundArticle& found : cluster.articles) {
    names.push_back(found.article.source_id);
    EXPECT_EQ(found.article.cluster_id, IdOf("antara"));
  }
  EXPECT_THAT(names, ElementsAre("antara", "tempo", "kompas"));
}

TEST_F(LibraryTest, OfALargeClusterTheFirstDecidedMembersAreGiven) {
  std::vector<std::string> names;  // of one shard, so that this alone has more than are given
  for (int i = 0; names.size() < kMaxClusterMembers + 50; ++i) {
    const std::string name = absl::StrCat("s", i);
    if (bus::PartitionOf(IdOf(name), kShards) == 0) {
      names.push_back(name);
    }
  }
  SendCluster(static_cast<int>(names.size()),
              [&](int i) { return Article(names[static_cast<std::size_t>(i)], kNow, "x"); });
  ASSERT_OK_AND_ASSIGN(const Cluster cluster, world_.library().GetCluster(IdOf(names[0]), true, {}));
  ASSERT_THAT(cluster.articles, SizeIs(kMaxClusterMembers));
  for (std::size_t i = 0; i < kMaxClusterMembers; ++i) {
    ASSERT_EQ(cluster.articles[i].article.source_id, names[i]);
  }
}

TEST_F(LibraryTest, AClusterFitsIntoAMessage) {
  SendCluster(30, [](int i) {
    article::Article article = Article(absl::StrCat("s", i), kNow, std::string(200'000, 'x'));
    article.image_url = std::string(i < 20 ? 1'000 : 300'000, 'i');
    return article;
  });
  ASSERT_OK_AND_ASSIGN(const Cluster cluster, world_.library().GetCluster(IdOf("s0"), true, {}));
  std::size_t bytes = 0;
  for (const FoundArticle& found : cluster.articles) {
    bytes += found.article.body.size() + found.article.image_url.size();
  }
  EXPECT_GT(cluster.articles.size(), 20U);
  EXPECT_NE(cluster.articles[0].article.body, "");
  EXPECT_EQ(cluster.articles.back().article.body, "");
  EXPECT_LT(bytes, kMaxPageBytes);
  ASSERT_OK_AND_ASSIGN(const Cluster bare, world_.library().GetCluster(IdOf("s0"), false, {}));
  EXPECT_EQ(bare.articles.size(), cluster.articles.size());
  EXPECT_EQ(bare.articles[0].article.body, "");
}

}  // namespace
}  // namespace kawat::store
