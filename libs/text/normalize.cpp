#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "base/check.h"
#include "base/utf8.h"
#include "text/casefold.h"
#include "text/text.h"

namespace kawat::text {
namespace {

// Calls `take(code_point, begin, end)` for each code point; what is not UTF-8 comes as U+FFFD.
template <class Take>
void ForEachCodePoint(std::string_view text, const Take& take) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int64_t>(text.size());
  for (std::int64_t at = 0; at < size;) {
    const std::int64_t begin = at;
    UChar32 code_point = 0;
    U8_NEXT_OR_FFFD(bytes, at, size, code_point);
    take(code_point, static_cast<std::size_t>(begin), static_cast<std::size_t>(at));
  }
}

bool IsAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return absl::ascii_isascii(static_cast<unsigned char>(c)); });
}

bool IsInvisible(UChar32 code_point) {
  return code_point == 0x00AD || code_point == 0x200B || code_point == 0x2060 || code_point == 0xFEFF ||
         code_point == 0x180E;
}

bool IsSpace(UChar32 code_point) {
  return code_point < 0x80 ? absl::ascii_isspace(static_cast<unsigned char>(code_point))
                           : u_isUWhiteSpace(code_point) != 0;
}

// The one form of a quote or a dash; 0: it is neither.
char Unified(UChar32 code_point) {
  switch (code_point) {
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B:
    case 0x2032:
    case 0x2035:
    case 0x2039:
    case 0x203A:
    case '`':
      return '\'';
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F:
    case 0x2033:
    case 0x2036:
    case 0x00AB:
    case 0x00BB:
    case 0x301D:
    case 0x301E:
    case 0x301F:
      return '"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
    case 0x2E3A:
    case 0x2E3B:
      return '-';
    default:
      return 0;
  }
}

std::string UnifyPunctuation(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  ForEachCodePoint(text, [&](UChar32 code_point, std::size_t begin, std::size_t end) {
    const char unified = Unified(code_point);
    unified != 0 ? result.append(1, unified) : result.append(text.substr(begin, end - begin));
  });
  return result;
}

}  // namespace

std::string ToValidUtf8(std::string_view bytes) {
  if (base::IsValidUtf8(bytes)) {
    return std::string(bytes);
  }
  std::string result;
  result.reserve(bytes.size() + 16);
  ForEachCodePoint(bytes, [&](UChar32 code_point, std::size_t, std::size_t) {
    base::AppendUtf8(static_cast<char32_t>(code_point), result);
  });
  return result;
}

std::string CollapseWhitespace(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  bool pending = false;
  ForEachCodePoint(text, [&](UChar32 code_point, std::size_t, std::size_t) {
    if (IsSpace(code_point)) {
      pending = !result.empty();
    } else if (!IsInvisible(code_point)) {
      result.append(pending ? " " : "");
      base::AppendUtf8(static_cast<char32_t>(code_point), result);
      pending = false;
    }
  });
  return result;
}

namespace {

// Without the surplus of long runs of what combines with a character before it. ICU puts such marks in order by
// insertion: of a page that is nothing but marks, a megabyte takes minutes. No language stacks more than a few.
std::string WithoutLongRuns(std::string_view text, const icu::Normalizer2& normalizer) {
  constexpr int kMaxRun = 64;
  std::string result;
  result.reserve(text.size());
  int run = 0;
  ForEachCodePoint(text, [&](UChar32 code_point, std::size_t begin, std::size_t end) {
    run = code_point < 0x80 || normalizer.hasBoundaryBefore(code_point) != 0 ? 0 : run + 1;
    if (run <= kMaxRun) {
      result.append(text.substr(begin, end - begin));
    }
  });
  return result;
}

std::string Fold(std::string_view text, const icu::Normalizer2& normalizer) {
  UErrorCode error = U_ZERO_ERROR;
  std::string result;
  icu::StringByteSink<std::string> sink(&result, static_cast<std::int32_t>(text.size()));
  normalizer.normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink, nullptr,
                           error);
  KAWAT_CHECK(U_SUCCESS(error), "ICU refuses a text");
  return result;
}

}  // namespace

std::string Casefold(std::string_view text) {
  if (IsAscii(text)) {
    std::string lower(text);
    absl::AsciiStrToLower(&lower);
    return lower;
  }
  if (!base::IsValidUtf8(text)) {
    return Casefold(ToValidUtf8(text));  // ICU steps over characters next to what is ill-formed
  }
  UErrorCode error = U_ZERO_ERROR;
  static const icu::Normalizer2* const normalizer = icu::Normalizer2::getNFKCCasefoldInstance(error);
  KAWAT_CHECK(normalizer != nullptr, "ICU has no NFKC data");
  constexpr std::size_t kShort = 128;  // no room for a run that is too long
  if (text.size() <= kShort) {
    return Fold(text, *normalizer);
  }
  // A mark may become two: only what is cut after folding too is the same when it is folded again.
  return WithoutLongRuns(Fold(WithoutLongRuns(text, *normalizer), *normalizer), *normalizer);
}

namespace {

// All of Normalize at once.
std::string NormalizeAscii(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  bool pending = false;
  for (const char c : text) {
    if (const auto byte = static_cast<unsigned char>(c); absl::ascii_isspace(byte)) {
      pending = !result.empty();
    } else {
      if (std::exchange(pending, false)) {
        result.push_back(' ');
      }
      result.push_back(c == '`' ? '\'' : absl::ascii_tolower(byte));
    }
  }
  return result;
}

}  // namespace

std::string Normalize(std::string_view text) {
  return IsAscii(text) ? NormalizeAscii(text) : CollapseWhitespace(UnifyPunctuation(Casefold(text)));
}

std::string_view Truncate(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) {
    return text;
  }
  std::size_t end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  return text.substr(0, end);
}

}  // namespace kawat::text
