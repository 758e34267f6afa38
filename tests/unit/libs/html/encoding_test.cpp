#include "html/encoding.h"

#include <gtest/gtest.h>

#include <string>

namespace kawat::html {
namespace {

struct Case {
  const char* why;
  std::string bytes;
  std::string content_type;
  std::string encoding;
  std::string text;
};

void Expect(const Case& test) {
  SCOPED_TRACE(test.why);
  Decoded decoded;
  Decode(test.bytes, test.content_type, decoded);
  EXPECT_EQ(decoded.encoding, test.encoding);
  EXPECT_EQ(decoded.text, test.text);
}

TEST(EncodingTest, ChoosesTheEncodingByMarkValidityHeaderAndMeta) {
  Expect({"nothing said, valid", "caf\xC3\xA9", "", "utf-8", "café"});
  Expect({"nothing said, not valid", "caf\xE9 \x93q\x94", "text/html", "windows-1252", "café “q”"});
  Expect({"header", "caf\xE9", "text/html; charset=ISO-8859-1", "windows-1252", "café"});
  Expect({"header, quoted", "\xF0\xF2", "text/html; charset=\"koi8-r\"", "koi8-r", "ПР"});
  Expect({"header before meta", "<meta charset=koi8-r>\xE9", "text/html;charset=windows-1252", "windows-1252",
          "<meta charset=koi8-r>é"});
  Expect(
      {"meta", "<meta charset=Shift_JIS>\x93\xFA\x96\x7B", "text/html", "shift_jis", "<meta charset=Shift_JIS>日本"});
  Expect({"meta http-equiv", "<meta http-equiv=Content-Type content='text/html; charset=euc-jp'>\xC6\xFC", "", "euc-jp",
          "<meta http-equiv=Content-Type content='text/html; charset=euc-jp'>日"});
  Expect({"valid UTF-8 wins over a wrong header", "日本", "text/html; charset=iso-8859-1", "utf-8", "日本"});
  Expect({"valid UTF-8 wins over a wrong meta", "<meta charset=windows-1252>é", "", "utf-8",
          "<meta charset=windows-1252>é"});
  Expect({"unknown label", "\xE9", "text/html; charset=none-such", "windows-1252", "é"});
}

TEST(EncodingTest, BelievesMarksFirstAndDropsThem) {
  Expect({"UTF-8",
          "\xEF\xBB\xBF"
          "a",
          "text/html; charset=koi8-r", "utf-8", "a"});
  Expect({"UTF-16LE",
          std::string("\xFF\xFE"
                      "a\0\xE9\0",
                      6),
          "", "utf-16le", "aé"});
  Expect({"UTF-16BE with a surrogate pair", std::string("\xFE\xFF\xD8\x3D\xDE\x00", 6), "", "utf-16be", "😀"});
}

TEST(EncodingTest, BelievesLabelsOfTextThatIsValidUtf8ByChance) {
  Expect({"ISO-2022-JP", "\x1B$BF|K\\\x1B(B", "text/html; charset=iso-2022-jp", "iso-2022-jp", "日本"});
  Expect({"UTF-16 without a mark", std::string("a\0b\0", 4), "text/html; charset=utf-16le", "utf-16le", "ab"});
}

TEST(EncodingTest, ReplacesWhatDoesNotDecode) {
  Expect({"a stray byte",
          "a\xFF"
          "b",
          "text/html; charset=utf-8", "utf-8",
          "a\uFFFD"
          "b"});
  Expect({"cut at the end", "a\xE6\x97", "text/html; charset=utf-8", "utf-8", "a\uFFFD"});
  Expect({"half a surrogate pair", std::string("\xFF\xFE\x3D\xD8", 4), "", "utf-16le", "\uFFFD"});
}

TEST(EncodingTest, DecodesLongTexts) {
  std::string bytes;
  std::string text;
  for (int i = 0; i < 20'000; ++i) {
    bytes += "\x93\xFA";
    text += "日";
  }
  Expect({"longer than a buffer", bytes, "text/html; charset=shift_jis", "shift_jis", text});
}

}  // namespace
}  // namespace kawat::html
