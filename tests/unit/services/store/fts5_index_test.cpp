#include "services/store/fts5_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/services/store/damage.h"

namespace kawat::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

IndexTerm Text(std::string text) { return {.kind = IndexTerm::Kind::kText, .text = std::move(text)}; }

Document Doc(std::string id, std::int64_t seconds, std::string title, std::string body) {
  return {.article_id = std::move(id),
          .position = FirstPositionAt(absl::FromUnixSeconds(seconds)),
          .observed_time = absl::FromUnixSeconds(seconds),
          .source_id = "antara",
          .language = "id",
          .host = "www.antara.example",
          .title = std::move(title),
          .body = std::move(body)};
}

class Fts5IndexTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }
  void Open() {
    index_.reset();
    ASSERT_OK_AND_ASSIGN(index_, OpenFts5Index(path()));
  }
  std::filesystem::path path() const { return folder_.path() / "index.sqlite"; }
  void Add(const std::vector<Document>& documents) { ASSERT_OK(index_->Update(documents, {}, ++sequence_)); }
  std::vector<std::string> Find(const IndexQuery& query, std::size_t limit = 100) const {
    absl::StatusOr<std::vector<IndexHit>> hits = index_->Find(query, limit, {});
    EXPECT_OK(hits);
    std::vector<std::string> ids;
    for (const IndexHit& hit : hits.value_or(std::vector<IndexHit>())) {
      ids.push_back(hit.article_id);
    }
    return ids;
  }
  static std::vector<Document> Many() {
    std::vector<Document> documents;
    for (int i = 0; i < 2000; ++i) {
      documents.push_back(Doc(absl::StrCat(i), i, absl::StrCat("gempa", i), absl::StrCat("isi", i)));
    }
    return documents;
  }
  std::vector<std::string> FindText(const std::string& text) const { return Find({.all_of = {{Text(text)}}}); }

  support::TempFolder folder_;
  std::unique_ptr<SearchIndex> index_;
  std::int64_t sequence_ = 0;
};

TEST_F(Fts5IndexTest, FindsWordsOfTitleAndBodyNewestFirst) {
  Add({Doc("a", 100, "Banjir di Jakarta", "Air naik."), Doc("b", 300, "Cuaca", "Banjir lagi."),
       Doc("c", 200, "Harga", "Naik.")});
  EXPECT_THAT(FindText("banjir"), ElementsAre("b", "a"));
  EXPECT_THAT(Find({.all_of = {{Text("banjir")}, {Text("jakarta")}}}), ElementsAre("a"));
  EXPECT_THAT(Find({.all_of = {{Text("banjir"), Text("harga")}}}), ElementsAre("b", "c", "a"));
  EXPECT_THAT(Find({}), ElementsAre("b", "c", "a"));
}

TEST_F(Fts5IndexTest, PhrasesMatchExactlyAndUnstemmed) {
  Add({Doc("a", 1, "", "the bank of indonesia said"), Doc("b", 2, "", "indonesia bank"),
       Doc("c", 3, "", "banks of indonesia")});
  EXPECT_THAT(FindText("bank of indonesia"), ElementsAre("a"));
  EXPECT_THAT(FindText("bank"), ElementsAre("b", "a"));
}

TEST_F(Fts5IndexTest, ExcludesWithOrWithoutSomethingRequired) {
  Add({Doc("a", 1, "gempa", "aceh"), Doc("b", 2, "gempa", "nias")});
  EXPECT_THAT(Find({.all_of = {{Text("gempa")}}, .none_of = {{Text("aceh")}}}), ElementsAre("b"));
  EXPECT_THAT(Find({.none_of = {{Text("nias")}}}), ElementsAre("a"));
}

TEST_F(Fts5IndexTest, FindsAnyPartOfACjkRun) {
  Add({Doc("a", 1, "東京都知事", "3年A組の選挙。"), Doc("b", 2, "京都", "選ぶ")});
  EXPECT_THAT(FindText("東京"), ElementsAre("a"));
  EXPECT_THAT(FindText("京都"), ElementsAre("b", "a"));
  EXPECT_THAT(FindText("都知事"), ElementsAre("a"));
  EXPECT_THAT(FindText("東都"), IsEmpty());
  EXPECT_THAT(FindText("選"), ElementsAre("b", "a"));
  EXPECT_THAT(FindText("挙"), ElementsAre("a"));
  EXPECT_THAT(FindText("年A組"), ElementsAre("a"));
}

TEST_F(Fts5IndexTest, FindsAPhraseOfSeveralCjkRuns) {
  Add({Doc("a", 1, "盛岡市の観光船の増便、来春に再開の見通し", "冬の朝市に517人が集まった。"),
       Doc("b", 2, "서울시 버스 요금이 오른다", "시장은 밝혔다.")});
  EXPECT_THAT(FindText("盛岡市の観光船の増便、来春に再開の見通し"), ElementsAre("a"));
  EXPECT_THAT(FindText("増便、来春"), ElementsAre("a"));
  EXPECT_THAT(FindText("朝市に517人が"), ElementsAre("a"));
  EXPECT_THAT(FindText("버스 요금이"), ElementsAre("b"));
  EXPECT_THAT(FindText("観光船、来春"), IsEmpty());
}

TEST_F(Fts5IndexTest, FiltersBySourceLanguageSiteAndTime) {
  Document english = Doc("b", 2000, "gempa", "x");
  english.source_id = "japan-today";
  english.language = "en";
  english.host = "japantoday.com";
  Add({Doc("a", 1000, "gempa", "x"), english});
  const auto with = [](IndexTerm::Kind kind, std::string value) {
    return IndexQuery{.all_of = {{Text("gempa")}, {{.kind = kind, .text = std::move(value)}}}};
  };
  EXPECT_THAT(Find(with(IndexTerm::Kind::kSource, "japan-today")), ElementsAre("b"));
  EXPECT_THAT(Find(with(IndexTerm::Kind::kLanguage, "id")), ElementsAre("a"));
  EXPECT_THAT(Find(with(IndexTerm::Kind::kSite, "antara.example")), ElementsAre("a"));
  EXPECT_THAT(Find(with(IndexTerm::Kind::kSite, "www.antara.example")), ElementsAre("a"));
  EXPECT_THAT(Find(with(IndexTerm::Kind::kSite, "com")), IsEmpty());
  EXPECT_THAT(Find({.from = FirstPositionAt(absl::FromUnixSeconds(2000))}), ElementsAre("b"));
  EXPECT_THAT(Find({.all_of = {{Text("gempa")}}, .before = FirstPositionAt(absl::FromUnixSeconds(2000))}),
              ElementsAre("a"));
  EXPECT_THAT(Find({.all_of = {{Text("gempa")}}, .observed_from = absl::FromUnixSeconds(1500)}), ElementsAre("b"));
  EXPECT_THAT(Find({.all_of = {{}}}), IsEmpty()) << "a group without sources";
}

TEST_F(Fts5IndexTest, FacetsAreNoWords) {
  Add({Doc("a", 1, "gempa", "x")});
  for (const char* text : {"antara", "s=antara", "\x01s=antara", "a=", "id"}) {
    EXPECT_THAT(FindText(text), IsEmpty()) << text;
  }
}

TEST_F(Fts5IndexTest, ATextThatLooksLikeFacetsIsText) {
  Add({Doc("a", 1, "\x01s=reuters gempa", "\x01s=reuters")});
  EXPECT_THAT(Find({.all_of = {{{.kind = IndexTerm::Kind::kSource, .text = "reuters"}}}}), IsEmpty());
  EXPECT_THAT(FindText("reuters gempa"), ElementsAre("a"));
}

TEST_F(Fts5IndexTest, GoesOnWhereAPageEnded) {
  std::vector<Document> documents;
  for (int i = 0; i < 50; ++i) {
    documents.push_back(
        Doc(absl::StrCat("d", i), i / 5, "gempa", "x"));  // five of each second, told apart by the tie-breaker
    documents.back().position += i % 5;
  }
  Add(documents);
  std::vector<IndexHit> all;
  IndexQuery query{.all_of = {{Text("gempa")}}};
  while (true) {
    ASSERT_OK_AND_ASSIGN(const std::vector<IndexHit> page, index_->Find(query, 7, {}));
    if (page.empty()) {
      break;
    }
    all.insert(all.end(), page.begin(), page.end());
    query.before = page.back().position;
  }
  ASSERT_THAT(all, SizeIs(50));
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_LT(all[i].position, all[i - 1].position);
  }
}

TEST_F(Fts5IndexTest, AnArticleAddedAgainReplacesItself) {
  Add({Doc("a", 1, "gempa", "lama"), Doc("b", 2, "gempa", "lain")});
  Add({Doc("a", 3, "gempa", "baru")});
  EXPECT_THAT(FindText("gempa"), ElementsAre("a", "b"));
  EXPECT_THAT(FindText("lama"), IsEmpty());
  EXPECT_THAT(FindText("baru"), ElementsAre("a"));
  EXPECT_THAT(Find({}), ElementsAre("a", "b"));
}

TEST_F(Fts5IndexTest, RemovedArticlesLeaveNoWord) {
  Add({Doc("a", 1, "gempa", "x"), Doc("b", 2, "gempa", "y")});
  ASSERT_OK(index_->Update({}, std::vector<std::string>{"a", "a", "unknown"}, ++sequence_));
  EXPECT_THAT(FindText("gempa"), ElementsAre("b"));
  EXPECT_THAT(FindText("x"), IsEmpty());
  Add({Doc("c", 1, "gempa", "z")});  // at the position that became free
  EXPECT_THAT(FindText("gempa"), ElementsAre("b", "c"));
}

TEST_F(Fts5IndexTest, WhoStoodAtAPositionMakesRoom) {
  Add({Doc("a", 1, "gempa", "x")});
  Add({Doc("b", 1, "gempa", "y")});
  EXPECT_THAT(FindText("gempa"), ElementsAre("b"));
  Add({Doc("a", 2, "gempa", "z")});
  EXPECT_THAT(FindText("gempa"), ElementsAre("a", "b"));
}

TEST_F(Fts5IndexTest, SurvivesBeingOpenedAgain) {
  EXPECT_EQ(index_->last_sequence(), -1);
  ASSERT_OK(index_->Update(std::vector<Document>{Doc("a", 1, "gempa", "x")}, {}, 42));
  Open();
  EXPECT_EQ(index_->last_sequence(), 42);
  EXPECT_THAT(FindText("gempa"), ElementsAre("a"));
}

TEST_F(Fts5IndexTest, AFailedUpdateChangesNothing) {
  Add({Doc("a", 1, "gempa", "x")});
  EXPECT_FALSE(index_->Update(std::vector<Document>{Doc("c", 5, "gempa", "y"), Doc("b", 5, "gempa", "y")}, {}, 42).ok())
      << "one position";
  EXPECT_EQ(index_->last_sequence(), 1);
  EXPECT_THAT(FindText("gempa"), ElementsAre("a"));
}

TEST_F(Fts5IndexTest, ADamagedFileIsBegunAnew) {
  Add({Doc("a", 1, "gempa", "x")});
  index_.reset();
  std::ofstream(path(), std::ios::trunc) << std::string(8192, '?');
  Open();
  EXPECT_EQ(index_->last_sequence(), -1);
  EXPECT_THAT(Find({}), IsEmpty());
}

// The beginning of the file, which Open reads, is whole.
TEST_F(Fts5IndexTest, DamageDeepInTheFileIsFoundByUpdateAndClearedAway) {
  Add(Many());
  index_.reset();
  DamageTheMiddleOf(path());
  Open();
  ASSERT_EQ(index_->last_sequence(), 1);
  const absl::Status found = index_->Update(Many(), {}, 2);
  ASSERT_EQ(found.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(found.message()), HasSubstr(path().string()));
  ASSERT_OK(index_->Clear());
  EXPECT_EQ(index_->last_sequence(), -1);
  ASSERT_OK(index_->Update(Many(), {}, 2));
  EXPECT_THAT(FindText("gempa250"), ElementsAre("250"));
  Open();
  EXPECT_THAT(FindText("gempa250"), ElementsAre("250"));
}

TEST_F(Fts5IndexTest, DamageThatAReaderMeetsIsToldByTheNextUpdate) {
  Add(Many());
  index_.reset();
  DamageTheMiddleOf(path());
  Open();
  ASSERT_EQ(index_->Find({}, 2000, {}).status().code(), absl::StatusCode::kDataLoss);
  const absl::Status told = index_->Update({}, {}, 2);
  EXPECT_EQ(told.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(told.message()), HasSubstr(path().string()));
  ASSERT_OK(index_->Clear());
  EXPECT_OK(index_->Update({}, {}, 2));
}

TEST_F(Fts5IndexTest, ClearEmptiesIt) {
  Add({Doc("a", 1, "gempa", "x")});
  EXPECT_THAT(FindText("gempa"), ElementsAre("a"));
  ASSERT_OK(index_->Clear());
  EXPECT_EQ(index_->last_sequence(), -1);
  EXPECT_THAT(FindText("gempa"), IsEmpty());
}

TEST_F(Fts5IndexTest, AQueryEndsWithTheReadersPatience) {
  std::vector<Document> documents;
  for (int i = 0; i < 20000; ++i) {
    documents.push_back(Doc(absl::StrCat(i), i, "gempa", "x"));
  }
  Add(documents);
  const IndexQuery query{.all_of = {{Text("gempa")}}, .observed_from = absl::FromUnixSeconds(100000)};
  EXPECT_EQ(index_->Find(query, 10, {.deadline = absl::Now() - absl::Seconds(1)}).status().code(),
            absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(index_->Find(query, 10, {.cancelled = [] { return true; }}).status().code(), absl::StatusCode::kCancelled);
  EXPECT_OK(index_->Find(query, 10, {}));
}

TEST_F(Fts5IndexTest, TakesAsManyAlternativesAsAGroupMayHave) {
  Add({Doc("a", 1, "gempa", "x")});
  IndexQuery query{.all_of = {{Text("gempa")}, {}}};
  for (int i = 0; i < 5000; ++i) {
    query.all_of[1].push_back({.kind = IndexTerm::Kind::kSource, .text = absl::StrCat("source-", i)});
  }
  EXPECT_THAT(Find(query), IsEmpty());
  query.all_of[1].push_back({.kind = IndexTerm::Kind::kSource, .text = "antara"});
  EXPECT_THAT(Find(query), ElementsAre("a"));
}

}  // namespace
}  // namespace kawat::store
