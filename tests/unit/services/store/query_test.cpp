#include "services/store/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/status.h"

namespace kawat::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Term Text(std::string text) { return {.kind = Term::Kind::kText, .text = std::move(text)}; }

std::string Repeated(const std::string& word, std::size_t times) {
  return absl::StrJoin(std::vector<std::string>(times, word), " ");
}

Query Parsed(std::string_view text) {
  absl::StatusOr<Query> query = ParseQuery(text);
  EXPECT_OK(query) << text;
  return query.value_or(Query());
}

TEST(QueryTest, WordsArePhrasesOfTheirOwnAndAllRequired) {
  EXPECT_THAT(Parsed("banjir  jakarta").clauses, ElementsAre(Clause{{Text("banjir")}}, Clause{{Text("jakarta")}}));
}

TEST(QueryTest, QuotesHoldAPhraseTogether) {
  EXPECT_THAT(Parsed("\"bank indonesia\" suku").clauses,
              ElementsAre(Clause{{Text("bank indonesia")}}, Clause{{Text("suku")}}));
}

TEST(QueryTest, MinusExcludesWordsPhrasesAndFields) {
  const Query query = Parsed("gempa -aceh -\"gunung api\" -source:japan-today");
  EXPECT_THAT(query.clauses,
              ElementsAre(Clause{{Text("gempa")}}, Clause{{Text("aceh")}, true}, Clause{{Text("gunung api")}, true},
                          Clause{{{Term::Kind::kSource, "japan-today"}}, true}));
}

TEST(QueryTest, AMinusWithinAWordExcludesNothing) {
  EXPECT_THAT(Parsed("covid-19").clauses, ElementsAre(Clause{{Text("covid-19")}}));
  EXPECT_THAT(Parsed("gempa - aceh").clauses, ElementsAre(Clause{{Text("gempa")}}, Clause{{Text("aceh")}}));
}

TEST(QueryTest, OrBindsCloserThanTheBlank) {
  EXPECT_THAT(Parsed("a1 gempa OR tsunami OR \"gunung api\" b1").clauses,
              ElementsAre(Clause{{Text("a1")}}, Clause{{Text("gempa"), Text("tsunami"), Text("gunung api")}},
                          Clause{{Text("b1")}}));
}

TEST(QueryTest, FieldsTakeQuotedAndBareValues) {
  const Query query = Parsed("source:Antara group:\"Media Jepang\" lang:en-GB site:Example.com");
  EXPECT_THAT(query.clauses,
              ElementsAre(Clause{{{Term::Kind::kSource, "antara"}}}, Clause{{{Term::Kind::kGroup, "Media Jepang"}}},
                          Clause{{{Term::Kind::kLanguage, "en"}}}, Clause{{{Term::Kind::kSite, "example.com"}}}));
}

TEST(QueryTest, AnUnknownFieldIsText) {
  EXPECT_THAT(Parsed("jam 12:30 https://a.example/").clauses,
              ElementsAre(Clause{{Text("jam")}}, Clause{{Text("12:30")}}, Clause{{Text("https://a.example/")}}));
}

TEST(QueryTest, AMisspeltFilterIsTextWithAHint) {
  const Query query = Parsed("sorce:antara gempa");
  EXPECT_THAT(query.clauses, ElementsAre(Clause{{Text("sorce:antara")}}, Clause{{Text("gempa")}}));
  EXPECT_EQ(query.hint.kind, Hint::Kind::kUnknownFilter);
  EXPECT_THAT(query.hint.sentence, HasSubstr("sorce:"));
  EXPECT_TRUE(query.runs);
  for (const char* text : {"\"sorce:antara\"", "12:30", "https://a.example/", "banjir:", ":x1", "covid-19:x"}) {
    EXPECT_EQ(Parsed(text).hint, Hint()) << text;
  }
}

TEST(QueryTest, DatesAreDaysInUtc) {
  const Query query = Parsed("after:2026-01-31 before:2026-02-28");
  EXPECT_EQ(query.after, absl::FromUnixSeconds(1769817600));
  EXPECT_EQ(query.before, absl::FromUnixSeconds(1772236800));
  EXPECT_THAT(query.clauses, IsEmpty());
  EXPECT_EQ(query.hint, Hint());
}

TEST(QueryTest, PunctuationAloneIsNothing) {
  EXPECT_THAT(Parsed("gempa !!! ,").clauses, ElementsAre(Clause{{Text("gempa")}}));
}

TEST(QueryTest, ErrorsNameTheCharacter) {
  struct Case {
    std::string_view query;
    std::string_view where;
  };
  for (const Case& c :
       {Case{"gempa \"aceh", "character 7"}, Case{"OR a1", "character 1"}, Case{"a1 OR", "character 4"},
        Case{"a1 OR OR b1", "character 7"}, Case{"a1 OR -b1", "character 7"}, Case{"-a1 OR b1", "character 5"},
        Case{"after:yesterday", "character 1"}, Case{"x1 before:2026-13-01", "character 4"},
        Case{"-after:2026-01-01", "character 1"}, Case{"東京 source:", "character 4"}}) {
    const absl::Status status = ParseQuery(c.query).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.query;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.where)) << c.query;
  }
}

TEST(QueryTest, OnlyCommonWordsGetAHint) {
  EXPECT_EQ(Parsed("yang di").hint.kind, Hint::Kind::kTooCommon);
  EXPECT_EQ(Parsed("the").hint.kind, Hint::Kind::kTooCommon);
  EXPECT_EQ(Parsed("").hint.kind, Hint::Kind::kNothing);
  EXPECT_EQ(Parsed("-gempa").hint.kind, Hint::Kind::kOnlyExcluded);
  EXPECT_THAT(Parsed("yang di").hint.sentence, HasSubstr("yang di"));
  EXPECT_FALSE(Parsed("yang di").runs);
  for (const char* query : {"yang di gempa", "\"to be or not to be\"", "the source:antara"}) {
    EXPECT_EQ(Parsed(query).hint, Hint()) << query;
    EXPECT_TRUE(Parsed(query).runs) << query;
  }
}

TEST(QueryTest, HasLimits) {
  EXPECT_OK(ParseQuery(std::string(kMaxQueryBytes, 'a')));
  EXPECT_EQ(ParseQuery(std::string(kMaxQueryBytes + 1, 'a')).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_OK(ParseQuery(Repeated("gempa", kMaxQueryWords)));
  EXPECT_EQ(ParseQuery(Repeated("gempa", kMaxQueryWords + 1)).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(QueryTest, EachWordOfAPhraseCounts) {
  const std::string phrase = absl::StrCat("\"", Repeated("a", kMaxPhraseWords), "\"");
  EXPECT_OK(ParseQuery(absl::StrCat(phrase, " OR ", phrase)));
  EXPECT_EQ(ParseQuery(absl::StrCat(phrase, " OR ", phrase, " b")).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ParseQuery(absl::StrCat(phrase, " -", phrase, " site:b")).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(QueryTest, OfALongPhraseTheFirstWordsAreTaken) {
  const std::string first = Repeated("gempa", kMaxPhraseWords);
  EXPECT_EQ(Parsed(absl::StrCat("\"", first, "\"")).hint, Hint());
  const Query query = Parsed(absl::StrCat("\"", first, " bumi.\" aceh"));
  EXPECT_THAT(query.clauses, ElementsAre(Clause{{Text(first)}}, Clause{{Text("aceh")}}));
  EXPECT_EQ(query.hint.kind, Hint::Kind::kPhraseCut);
  EXPECT_TRUE(query.runs);
  std::string sentence;  // of a language without blanks
  for (std::size_t i = 0; i < kMaxPhraseWords; ++i) {
    sentence += "東";
  }
  EXPECT_THAT(Parsed(sentence + "京").clauses, ElementsAre(Clause{{Text(sentence)}}));
}

TEST(QueryTest, AnyBytesParseOrAreInvalid) {
  rc::check([](const std::string& bytes) {
    const absl::Status status = ParseQuery(bytes).status();
    RC_ASSERT(status.ok() || status.code() == absl::StatusCode::kInvalidArgument);
  });
}

TEST(QueryTest, WordsComeBackInTheirOrder) {
  rc::check([] {
    const auto words = *rc::gen::container<std::vector<std::string>>(
        rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange('a', 'z'))));
    RC_PRE(words.size() <= kMaxQueryWords);
    const absl::StatusOr<Query> query = ParseQuery(absl::StrJoin(words, " "));
    RC_ASSERT(query.ok());
    RC_ASSERT(query->clauses.size() == words.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
      RC_ASSERT(query->clauses[i] == Clause{{Text(words[i])}});
    }
  });
}

}  // namespace
}  // namespace kawat::store
