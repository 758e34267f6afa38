#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "text/text.h"

namespace kawat::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  for (const Token& token : Tokenize(text)) {
    words.push_back(token.text);
  }
  return words;
}

TEST(TokenizeTest, FoldsWordsAndDropsPunctuation) {
  EXPECT_THAT(Words("\"The U.S. didn't,\" Café—STRASSE 3.14 x2!"),
              ElementsAre("the", "u.s", "didn't", "café", "strasse", "3.14", "x2"));
  EXPECT_THAT(Words("Presiden ber-temu; 1.000 orang"), ElementsAre("presiden", "ber", "temu", "1.000", "orang"));
  EXPECT_THAT(Words(" … — !"), IsEmpty());
  EXPECT_THAT(Words(""), IsEmpty());
}

TEST(TokenizeTest, GivesCjkCharacterByCharacter) {
  EXPECT_THAT(Words("東京ニュース、NHKは9時。서울"),
              ElementsAre("東", "京", "ニ", "ュ", "ー", "ス", "nhk", "は", "9", "時", "서", "울"));
  for (const Token& token : Tokenize("東ア")) {
    EXPECT_TRUE(token.cjk);
  }
}

TEST(TokenizeTest, OffsetsAreThoseOfTheTextGiven) {
  const std::string text = "ＡＢＣ 日 Zürich";
  for (const Token& token : Tokenize(text)) {
    EXPECT_EQ(Words(text.substr(token.begin, token.end - token.begin)), std::vector<std::string>{token.text});
  }
}

TEST(CountWordsTest, CountsWordsAndCjkApart) {
  const WordCount count = CountWords("Tokyo 東京 is big.");
  EXPECT_EQ(count.words, 3U);
  EXPECT_EQ(count.cjk_characters, 2U);
}

TEST(CountWordsTest, StopsWhenItHasEnough) {
  EXPECT_EQ(CountWords("satu dua tiga empat", {.words = 2, .cjk_characters = 9}).words, 2U);
  EXPECT_EQ(CountWords("satu 日本語日 dua", {.words = 9, .cjk_characters = 3}).cjk_characters, 3U);
  EXPECT_EQ(CountWords("satu 日 dua", {.words = 9, .cjk_characters = 3}).words, 2U);
}

RC_GTEST_PROP(TokenizePropertyTest, TokensLieInOrderWithinAnyBytes, (const std::string& bytes)) {
  std::size_t last = 0;
  for (const Token& token : Tokenize(bytes)) {
    RC_ASSERT(token.begin >= last);
    RC_ASSERT(token.end > token.begin);
    RC_ASSERT(token.end <= bytes.size());
    last = token.end;
  }
}

}  // namespace
}  // namespace kawat::text
