#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace kawat::base {
namespace {

TEST(Utf8Test, TakesEveryScalarValue) {
  for (char32_t code_point = 0; code_point <= 0x10FFFF; code_point += code_point == 0xD7FF ? 0x801 : 1) {
    std::string text;
    AppendUtf8(code_point, text);
    ASSERT_TRUE(IsValidUtf8(text)) << std::hex << static_cast<unsigned>(code_point);
    ASSERT_FALSE(text.size() > 1 && IsValidUtf8(text.substr(0, text.size() - 1)));
  }
}

TEST(Utf8Test, RefusesOverlongFormsSurrogatesAndStrayBytes) {
  for (const char* text :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\x80", "\xFF", "abcdefgh\xE9", "\xC3(", "\xE2\x82(", "\xF0\x9F\x98"}) {
    EXPECT_FALSE(IsValidUtf8(text));
    EXPECT_FALSE(IsValidUtf8("0123456789" + std::string(text) + "0123456789"));
    EXPECT_TRUE(IsValidUtf8(ReplaceInvalidUtf8(text, "?"))) << ReplaceInvalidUtf8(text, "?");
  }
}

TEST(Utf8Test, ReplacesWhatIsInvalidAndNothingElse) {
  EXPECT_EQ(ReplaceInvalidUtf8("", "?"), "");
  EXPECT_EQ(ReplaceInvalidUtf8("日本\n😀", "?"), "日本\n😀");
  EXPECT_EQ(ReplaceInvalidUtf8("a\xFF日\xE6\x97", "?"), "a?日??");
  EXPECT_EQ(ReplaceInvalidUtf8("\xED\xA0\x80", "\xEF\xBF\xBD"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Utf8Test, ReplacesControlCharactersAndNothingElse) {
  EXPECT_EQ(ReplaceControls("", " "), "");
  EXPECT_EQ(ReplaceControls("a\x1B[2J\x7F\xC2\x9B\xC2\xA0日", "."), "a.[2J..\xC2\xA0日");
  EXPECT_EQ(ReplaceControls("\xC2", "."), "\xC2");
}

}  // namespace
}  // namespace kawat::base
