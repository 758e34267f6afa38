#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/utf8.h"
#include "text/text.h"

namespace kawat::text {
namespace {

TEST(ToValidUtf8Test, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(ToValidUtf8("caf\xC3\xA9"), "café");
  EXPECT_EQ(ToValidUtf8("caf\xE9!"), "caf\uFFFD!");
  EXPECT_EQ(ToValidUtf8("\xE6\x97"), "\uFFFD");
  EXPECT_EQ(ToValidUtf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(ToValidUtf8(""), "");
}

TEST(CollapseWhitespaceTest, LeavesOneSpaceForEachRun) {
  EXPECT_EQ(CollapseWhitespace("  a \t\n b\u00A0\u3000c\u2028d  "), "a b c d");
  EXPECT_EQ(CollapseWhitespace(" \n "), "");
}

TEST(CollapseWhitespaceTest, DropsWhatIsNotSeenButJoiners) {
  EXPECT_EQ(CollapseWhitespace("\uFEFFre\u00ADport\u200Bed"), "reported");
  EXPECT_EQ(CollapseWhitespace("a \u200B b"), "a b");
  EXPECT_EQ(CollapseWhitespace("می\u200Cخواهم"), "می\u200Cخواهم") << "Persian is spelt with it";
}

TEST(NormalizeTest, MakesSpellingsOfOneTextEqual) {
  EXPECT_EQ(Normalize("“Don’t”  —  SAID"), Normalize("\"don't\" - said"));
  EXPECT_EQ(Normalize("Ｔｏｋｙｏ　①…"), "tokyo 1...");
  EXPECT_EQ(Normalize("Cafe\u0301 STRASSE"), Normalize("café straße"));
  EXPECT_EQ(Normalize("ﾆｭｰｽ"), "ニュース");
  EXPECT_EQ(Normalize("re\u00ADport"), "report");
}

TEST(NormalizeTest, TreatsAsciiAloneAsItDoesBesideOtherText) {
  std::string ascii;
  for (int c = 0; c < 128; ++c) {
    ascii += absl::StrCat("x", std::string(1, static_cast<char>(c)), "Y ");
  }
  EXPECT_EQ(absl::StrCat(Normalize(ascii), " \u00e9"), Normalize(absl::StrCat(ascii, " \u00e9")));
}

TEST(NormalizeTest, KeepsPunctuation) { EXPECT_NE(Normalize("Yes, no."), Normalize("Yes no")); }

// Each mark that stands before one of a lower class is moved there by insertion.
TEST(NormalizeTest, MarksWithoutEndTakeNoTime) {
  std::string text = "a";
  while (text.size() < 1'000'000) {
    text += "\u0301\u0316";
  }
  const auto start = std::chrono::steady_clock::now();
  const std::string normal = Normalize(text);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  EXPECT_LT(normal.size(), 200U);
  EXPECT_EQ(Normalize(normal), normal);
  for (const char* mark : {"\u0344", "\uFF9E", "\u0F73", "\u200D\u0301", "\u0315\u0344"}) {
    std::string run = "か";
    for (int i = 0; i < 300; ++i) {
      run += mark;
    }
    run += "x";
    EXPECT_EQ(Normalize(Normalize(run)), Normalize(run)) << mark;
  }
}

TEST(TruncateTest, CutsAtACharacter) {
  EXPECT_EQ(Truncate("日本", 6), "日本");
  EXPECT_EQ(Truncate("日本", 5), "日");
  EXPECT_EQ(Truncate("日本", 2), "");
  EXPECT_EQ(Truncate("abc", 2), "ab");
}

RC_GTEST_PROP(NormalizePropertyTest, IsIdempotentAndValid, (const std::string& bytes)) {
  const std::string once = Normalize(bytes);
  RC_ASSERT(base::IsValidUtf8(once));
  RC_ASSERT(Normalize(once) == once);
  RC_ASSERT(base::IsValidUtf8(Truncate(once, once.size() / 2)));
}

RC_GTEST_PROP(NormalizePropertyTest, IsIdempotentOnAllOfUnicode, ()) {
  std::string text;
  for (const int code_point : *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 0x3000))) {
    base::AppendUtf8(static_cast<char32_t>(code_point), text);
  }
  const std::string once = Normalize(text);
  RC_ASSERT(Normalize(once) == once);
}

}  // namespace
}  // namespace kawat::text
