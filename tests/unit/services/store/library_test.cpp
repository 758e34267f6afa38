#include "services/store/library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/store/library_fixture.h"

namespace kawat::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_P(LibraryTest, GetsByIdAndByAnyUrl) {
  SendAndRun({Article("antara", kNow, "gempa")});
  world_.Send(article::UrlAlias{IdOf("antara"), "https://m.antara.example/x?utm_source=rss"});
  ASSERT_OK(world_.Run());
  for (const char* url :
       {"https://antara.example/news", "https://antara.example/news#top", "https://antara.example/news?utm_source=a",
        "https://m.antara.example/x?utm_source=rss", "https://m.antara.example/x"}) {
    const absl::StatusOr<FoundArticle> found = Now().GetByUrl(url, {});
    ASSERT_OK(found) << url;
    EXPECT_EQ(found->article.id, IdOf("antara")) << url;
  }
  EXPECT_EQ(Now().GetByUrl("https://antara.example/other", {}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Now().GetByUrl("not a url", {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Now().Get("a/1", {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Now().Get(std::string(32, '0'), {}).status().code(), absl::StatusCode::kNotFound);
}

TEST_P(LibraryTest, ListsAllShardsNewestFirstByTheEarlierOfPublishedAndObserved) {
  article::Article early = Article("tempo", kNow, "x");
  early.published_time = absl::FromUnixSeconds(kNow - 500);
  article::Article future = Article("kompas", kNow - 10, "x");
  future.published_time = absl::FromUnixSeconds(kNow + 999);
  SendAndRun({Article("antara", kNow - 100, "x"), early, future, Article("detik", kNow - 200, "x")});
  EXPECT_THAT(List(), ElementsAre("kompas", "antara", "detik", "tempo"));
  EXPECT_THAT(List({.after = absl::FromUnixSeconds(kNow - 200), .before = absl::FromUnixSeconds(kNow - 10)}),
              ElementsAre("antara", "detik"));
}

TEST_P(LibraryTest, ARevisionKeepsThePlaceOfTheFirstObservation) {
  SendAndRun({Article("antara", kNow - 100, "x"), Article("tempo", kNow - 50, "x")});
  world_.Send(Article("antara", kNow, "y", 2));
  ASSERT_OK(world_.Run());
  EXPECT_THAT(List(), ElementsAre("tempo", "antara"));
  EXPECT_THAT(Search("y"), ElementsAre("antara"));
}

TEST_P(LibraryTest, JoinsTheSourcesOfToday) {
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
  EXPECT_EQ(Now().Get(IdOf("antara"), {})->source_name, "Antara");
}

TEST_P(LibraryTest, ARemovedSourceIsStillNamedByItsArticles) {
  world_.SendSource({.id = "antara", .name = "Antara", .group = "Media Jepang"});
  SendAndRun({Article("antara", kNow, "gempa")});
  const auto sources = [&] { return Now().GetStats({})->front().totals.sources; };
  EXPECT_EQ(sources(), 1);
  world_.RemoveSource("antara");
  world_.RemoveSource("antara");
  ASSERT_OK(world_.Run());
  EXPECT_EQ(sources(), 0);
  EXPECT_EQ(Now().Get(IdOf("antara"), {})->source_name, "Antara");
  EXPECT_EQ(Now().Get(IdOf("antara"), {})->source_group, "Media Jepang");
  EXPECT_THAT(Search("group:\"Media Jepang\""), ElementsAre("antara"));
  world_.SendSource({.id = "antara", .name = "Antara News", .group = "Lain"});
  ASSERT_OK(world_.Run());
  EXPECT_EQ(sources(), 1);
  EXPECT_EQ(Now().Get(IdOf("antara"), {})->source_name, "Antara News");
  EXPECT_THAT(Search("group:\"Media Jepang\""), IsEmpty());
  EXPECT_THAT(Search("group:Lain"), ElementsAre("antara"));
}

TEST_P(LibraryTest, AGroupIsFoundInAnyCase) {
  world_.SendSource({.id = "antara", .name = "Antara", .group = "Media Indonesia"});
  SendAndRun({Article("antara", kNow, "gempa")});
  EXPECT_THAT(Search("group:\"media indonesia\""), ElementsAre("antara"));
  EXPECT_THAT(List({.source_group = "MEDIA INDONESIA"}), ElementsAre("antara"));
  EXPECT_THAT(Search("group:media"), IsEmpty());
  const FoundArticle found = *Now().Get(IdOf("antara"), {});
  EXPECT_TRUE(Library::Matches({.source_group = "media indonesia"}, found));
  EXPECT_FALSE(Library::Matches({.source_group = "media"}, found));
}

TEST_P(LibraryTest, FiltersBySourceLanguageAndSite) {
  article::Article english = Article("japan-today", kNow, "gempa");
  english.language = "en-GB";
  SendAndRun({Article("antara", kNow - 1, "gempa"), english});
  EXPECT_THAT(Search("gempa", {.source_id = "antara"}), ElementsAre("antara"));
  EXPECT_THAT(Search("gempa lang:en"), ElementsAre("japan-today"));
  EXPECT_THAT(List({.language = "en-US"}), ElementsAre("japan-today"));
  EXPECT_THAT(Search("site:antara.example"), ElementsAre("antara"));
  EXPECT_THAT(Search("after:2025-12-31 before:2026-01-01"), ElementsAre("antara"));
}

TEST_P(LibraryTest, SearchesAYearBackByObservationUnlessTold) {
  article::Article old = Article("tempo", kNow - 400 * 86400, "gempa");
  article::Article found_late = Article("kompas", kNow - 10, "gempa");
  found_late.published_time = absl::FromUnixSeconds(kNow - 800 * 86400);
  SendAndRun({old, found_late});
  EXPECT_THAT(Search("gempa"), ElementsAre("kompas"));
  EXPECT_THAT(Search("gempa after:2020-01-01"), ElementsAre("tempo", "kompas"));
  EXPECT_THAT(Search("gempa before:2025-12-31"), ElementsAre("tempo", "kompas"));
  EXPECT_THAT(Search("gempa", {.before = absl::FromUnixSeconds(kNow - 86400)}), ElementsAre("tempo", "kompas"));
}

TEST_P(LibraryTest, OnlyCommonWordsAreAnsweredWithAHint) {
  SendAndRun({Article("antara", kNow, "yang di gempa")});
  ASSERT_OK_AND_ASSIGN(const Page page, Now().Search("yang di", {}, {}, {}));
  EXPECT_THAT(page.articles, IsEmpty());
  EXPECT_EQ(page.hint.kind, Hint::Kind::kTooCommon);
}

TEST_P(LibraryTest, AHintMayComeWithWhatWasFound) {
  std::string sentence = "gempa";
  for (std::size_t i = 0; i < kMaxPhraseWords; ++i) {
    absl::StrAppend(&sentence, " kata", i);
  }
  SendAndRun({Article("antara", kNow, sentence)});
  ASSERT_OK_AND_ASSIGN(const Page page, Now().Search(absl::StrCat("\"", sentence, "\""), {}, {}, {}));
  EXPECT_THAT(page.articles, SizeIs(1));
  EXPECT_EQ(page.hint.kind, Hint::Kind::kPhraseCut);
}

TEST_P(LibraryTest, HitsShowWhereTheyMatch) {
  SendAndRun({Article("antara", kNow, "Air naik. Gempa terjadi di Aceh.")});
  ASSERT_OK_AND_ASSIGN(const Page page, Now().Search("aceh", {}, {}, {}));
  ASSERT_THAT(page.articles, SizeIs(1));
  EXPECT_THAT(page.articles[0].snippet, HasSubstr("di Aceh"));
}

INSTANTIATE_TEST_SUITE_P(Nodes, LibraryTest, ::testing::Values(1, 2, 3));

}  // namespace
}  // namespace kawat::store
