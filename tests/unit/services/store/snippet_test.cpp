#include "services/store/snippet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/store/tokens.h"
#include "tests/support/status.h"

namespace kawat::store {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Words(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    absl::StrAppend(&text, i == 0 ? "" : i % 20 == 0 ? "\n" : " ", "word", i);
  }
  return text;
}

TEST(SnippetTest, AShortTextIsShownWholeOnOneLine) {
  EXPECT_EQ(Snippet("Air naik.\nWarga pergi.", {"warga"}), "Air naik. Warga pergi.");
}

TEST(SnippetTest, ShowsTheFirstMatchWithWholeWordsRoundIt) {
  const std::string snippet = Snippet(Words(500), {"nowhere", "WORD250 word251"});
  EXPECT_THAT(snippet, AllOf(StartsWith("…word"), HasSubstr(" word250 word251 "), EndsWith("…")));
  EXPECT_LE(snippet.size(), kSnippetBytes + 6);
}

TEST(SnippetTest, ShowsTheBeginningWhenNothingMatches) {
  EXPECT_THAT(Snippet(Words(500), {}), AllOf(StartsWith("word0 "), EndsWith("…")));
}

TEST(SnippetTest, FindsCjkWithinARun) {
  std::string text;
  for (int i = 0; i < 200; ++i) {
    text += "大阪";
  }
  EXPECT_THAT(Snippet(text + "東京都知事" + text, {"京都"}), HasSubstr("京都"));
}

TEST(SnippetTest, CutsAnEndlessWordAtACharacter) {
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    text += "é";
  }
  EXPECT_LE(Snippet(text, {}).size(), kSnippetBytes + 3);
}

TEST(TokenTest, ComesBackForTheSameRequestOnly) {
  const std::string token = EncodeToken("query", {5, -1, INT64_MAX});
  ASSERT_OK_AND_ASSIGN(const std::vector<std::int64_t> places, DecodeToken("page_token", token, "query", 3));
  EXPECT_THAT(places, ::testing::ElementsAre(5, -1, INT64_MAX));
  for (const absl::Status& status :
       {DecodeToken("page_token", token, "other", 3).status(), DecodeToken("page_token", token, "query", 4).status(),
        DecodeToken("page_token", "AAAA", "query", 3).status(), DecodeToken("page_token", "!", "query", 3).status(),
        DecodeToken("page_token", token.substr(0, 12), "query", 3).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), StartsWith("page_token: "));
  }
}

}  // namespace
}  // namespace kawat::store
