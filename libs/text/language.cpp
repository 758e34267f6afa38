// clang-format off
#include <cstdio>  // CLD2's header needs it and does not include it
#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>
// clang-format on

#include <array>

#include "text/text.h"

namespace kawat::text {
namespace {

constexpr std::size_t kEnoughBytes = 16'384;  // more text makes it slower, not surer

// CLD2 knows some languages by codes that BCP 47 has replaced.
std::string Bcp47(std::string_view code) {
  if (code == "iw") {
    return "he";
  }
  if (code == "jw") {
    return "jv";
  }
  if (code == "mo") {
    return "ro";
  }
  return code == "un" || code.starts_with("xx") ? "" : std::string(code);
}

}  // namespace

std::string DetectLanguage(std::string_view text) {
  const std::string_view start = Truncate(text, kEnoughBytes);
  const CLD2::CLDHints no_hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  std::array<CLD2::Language, 3> languages{};
  std::array<int, 3> percents{};
  std::array<double, 3> scores{};
  int text_bytes = 0;
  int valid_bytes = 0;
  bool reliable = false;
  const CLD2::Language language = CLD2::ExtDetectLanguageSummaryCheckUTF8(
      start.data(), static_cast<int>(start.size()), /*is_plain_text=*/true, &no_hints, /*flags=*/0, languages.data(),
      percents.data(), scores.data(), /*resultchunkvector=*/nullptr, &text_bytes, &reliable, &valid_bytes);
  return reliable ? Bcp47(CLD2::LanguageCode(language)) : std::string();
}

}  // namespace kawat::text
