// Any bytes are a text.
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/utf8.h"
#include "tests/fuzz/seeds.h"
#include "text/text.h"

std::span<const std::string_view> FuzzSeeds() {
  static constexpr auto kSeeds = std::to_array<std::string_view>({
      "“Don’t” — said the U.S. 3.14,\u00A0re\u00ADport",
      "東京ニュース、NHKは9時。서울 ﾆｭｰｽ",
      "Pemerintah mengumumkan bahwa harga beras akan turun bulan depan",
  });
  return kSeeds;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace text = kawat::text;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string normal = text::Normalize(bytes);
  KAWAT_CHECK(kawat::base::IsValidUtf8(normal) && text::Normalize(normal) == normal,
              "a normal form that is not normal");
  KAWAT_CHECK(kawat::base::IsValidUtf8(text::ToValidUtf8(bytes)), "not UTF-8");
  KAWAT_CHECK(kawat::base::IsValidUtf8(text::CollapseWhitespace(bytes)), "not UTF-8");
  std::size_t last = 0;
  for (const text::Token& token : text::Tokenize(bytes)) {
    KAWAT_CHECK(token.begin >= last && token.end > token.begin && token.end <= size, "a token outside its text");
    last = token.end;
  }
  static_cast<void>(text::DetectLanguage(bytes));
  return 0;
}
