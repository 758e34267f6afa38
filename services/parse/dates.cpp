#include "services/parse/dates.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "services/parse/months.h"
#include "services/parse/zones.h"

namespace kawat::parse {
namespace {

constexpr std::size_t kMaxBytes = 128;
constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2199;

struct Fields {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  absl::Duration fraction;
  std::optional<int> offset_minutes;
};

// Lower case; what Japanese dates write between numbers becomes what others write there.
std::string Prepare(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kReplaced = {
      {{"年", "-"}, {"月", "-"}, {"日", " "}, {"時", ":"}, {"分", ":"}, {"秒", " "}, {"\u00A0", " "}, {"\u3000", " "}}};
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto* const found = std::ranges::find_if(
        kReplaced, [&](const auto& replaced) { return text.substr(at).starts_with(replaced.first); });
    if (found != kReplaced.end()) {
      result += found->second;
      at += found->first.size();
    } else {
      result += absl::ascii_tolower(static_cast<unsigned char>(text[at++]));
    }
  }
  return result;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<Fields> Read() { return LooksLikeIso() ? ReadIso() : ReadWithMonthName(); }

 private:
  // "2024-05-03T15:47:42.389+09:00" and relatives.
  std::optional<Fields> ReadIso() {
    fields_.year = *Number(4, 4);
    const char separator = Peek();
    const bool compact = IsDigit(separator);
    SkipAny(compact ? "" : "-/.");
    const std::optional<int> month = Number(compact ? 2 : 1, 2);
    if (!compact && !Take(separator)) {
      return std::nullopt;
    }
    const std::optional<int> day = Number(compact ? 2 : 1, 2);
    if (!month || !day || (IsDigit(Peek()) && !compact)) {
      return std::nullopt;
    }
    fields_.month = *month;
    fields_.day = *day;
    SkipAny(" \t\r\n,t_|");
    if (IsDigit(Peek()) && !ReadTime()) {
      return std::nullopt;
    }
    ReadZone();
    return fields_;
  }

  // "Fri, 3 May 2024 15:47:42 GMT", "May 3, 2024 3:47 pm", "Fri May 3 15:47:42 GMT 2024".
  std::optional<Fields> ReadWithMonthName() {
    for (int words = 0; words < 3 && !IsDigit(Peek()); ++words) {
      fields_.month = MonthOf(Word());
      SkipAny(kBetween);
      if (fields_.month != 0) {
        break;
      }
    }
    const std::optional<int> day = Number(1, 2);
    SkipOrdinal();
    SkipAny(kBetween);
    if (fields_.month == 0) {
      fields_.month = MonthOf(Word());
      SkipAny(kBetween);
    }
    if (!day || fields_.month == 0) {
      return std::nullopt;
    }
    fields_.day = *day;
    if (rest_.substr(0, 3).find(':') != std::string_view::npos) {
      return ReadTime() && ReadZoneBeforeYear() && ReadYear() ? std::optional(fields_) : std::nullopt;
    }
    if (!ReadYear()) {
      return std::nullopt;
    }
    SkipAny(kBetween);
    while (!IsDigit(Peek()) && TakeWord("at", "pukul", "jam")) {
      SkipAny(kBetween);
    }
    if (IsDigit(Peek()) && !ReadTime()) {
      return std::nullopt;
    }
    ReadZone();
    return fields_;
  }

  bool ReadYear() {
    const std::size_t before = rest_.size();
    const std::optional<int> year = Number(2, 4);
    const std::size_t digits = before - rest_.size();
    if (!year || digits == 3) {
      return false;
    }
    fields_.year = digits == 4 ? *year : *year + (*year < 50 ? 2000 : 1900);  // RFC 2822, 4.3
    return true;
  }

  // "15:47", "15:47:42.389", "154742", "15.47" (Indonesia), "3:47 pm".
  bool ReadTime() {
    const std::optional<int> hour = Number(1, 2);
    const bool colon = Take(':') || Take('.');
    const std::optional<int> minute = Number(2, 2);
    if (!hour || !minute) {
      return false;
    }
    fields_.hour = *hour;
    fields_.minute = *minute;
    if (colon ? Take(':') : IsDigit(Peek())) {
      fields_.second = Number(2, 2).value_or(0);
    }
    ReadFraction();
    return ReadHalfOfDay();
  }

  void ReadFraction() {
    if ((Peek() != '.' && Peek() != ',') || rest_.size() < 2 || !IsDigit(rest_[1])) {
      return;
    }
    rest_.remove_prefix(1);
    absl::Duration unit = absl::Milliseconds(100);
    while (IsDigit(Peek())) {
      fields_.fraction += unit * (Peek() - '0');
      unit /= 10;
      rest_.remove_prefix(1);
    }
  }

  bool ReadHalfOfDay() {
    const std::size_t space = rest_.find_first_not_of(' ');
    const std::string_view half = space == std::string_view::npos ? "" : rest_.substr(space, 2);
    if (half != "am" && half != "pm") {
      return true;
    }
    rest_.remove_prefix(space + 2);
    if (fields_.hour < 1 || fields_.hour > 12) {
      return false;
    }
    fields_.hour = fields_.hour % 12 + (half == "pm" ? 12 : 0);
    return true;
  }

  bool ReadZoneBeforeYear() {
    SkipAny(kBetween);
    if (!IsDigit(Peek())) {
      ReadZone();
      SkipAny(kBetween);
    }
    return true;
  }

  // A name, an offset, or both ("GMT+7"). An offset without a name is one of UTC.
  void ReadZone() {
    SkipAny(" \t\r\n(");
    const std::string_view name = Word();
    const std::optional<int> named = name.empty() ? std::nullopt : ZoneOffsetMinutes(name);
    if (name.empty() || named.has_value()) {
      fields_.offset_minutes = named;
    }
    if ((Peek() == '+' || Peek() == '-') && rest_.size() > 1 && IsDigit(rest_[1])) {
      const int sign = Peek() == '+' ? 1 : -1;
      rest_.remove_prefix(1);
      const std::optional<int> hours = Number(1, 2);
      Take(':');
      const int minutes = Number(2, 2).value_or(0);
      if (*hours <= 15 && minutes < 60) {
        fields_.offset_minutes = sign * (*hours * 60 + minutes);
      }
    }
  }

  bool LooksLikeIso() const { return rest_.size() >= 8 && std::ranges::all_of(rest_.substr(0, 4), IsDigit); }

  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }
  char Peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool Take(char wanted) {
    const bool found = Peek() == wanted && !rest_.empty();
    rest_.remove_prefix(found ? 1 : 0);
    return found;
  }
  void SkipAny(std::string_view characters) {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(characters), rest_.size()));
  }
  void SkipOrdinal() {
    for (const std::string_view ending : {"st", "nd", "rd", "th"}) {
      if (rest_.starts_with(ending)) {
        rest_.remove_prefix(2);
        return;
      }
    }
  }
  std::string_view Word() {
    const auto* const end =
        std::ranges::find_if_not(rest_, [](char c) { return absl::ascii_islower(static_cast<unsigned char>(c)); });
    const std::string_view word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(word.size());
    return word;
  }
  template <class... Words>
  bool TakeWord(Words... words) {
    const std::string_view before = rest_;
    const std::string_view word = Word();
    if (((word == std::string_view(words)) || ...)) {
      return true;
    }
    rest_ = before;
    return false;
  }
  // As many digits as there are, at most `most`; nothing is taken if there are fewer than `least`.
  std::optional<int> Number(std::size_t least, std::size_t most) {
    int value = 0;
    std::size_t digits = 0;
    while (digits < std::min(most, rest_.size()) && IsDigit(rest_[digits])) {
      value = value * 10 + (rest_[digits++] - '0');
    }
    if (digits < least) {
      return std::nullopt;
    }
    rest_.remove_prefix(digits);
    return value;
  }

  static constexpr std::string_view kBetween = " \t\r\n,.-/|";
  std::string_view rest_;
  Fields fields_;
};

bool IsInRange(const Fields& fields) {
  return fields.year >= kFirstYear && fields.year <= kLastYear && fields.month >= 1 && fields.month <= 12 &&
         fields.hour <= 24 && fields.minute < 60 && fields.second <= 60 && fields.day >= 1 &&
         absl::CivilDay(fields.year, fields.month, fields.day).month() == fields.month &&
         (fields.hour < 24 || fields.minute + fields.second == 0);
}

std::optional<ParsedTime> ReadEpoch(std::string_view text) {
  if ((text.size() != 10 && text.size() != 13) ||
      !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  std::int64_t number = 0;
  for (const char c : text) {
    number = number * 10 + (c - '0');
  }
  return ParsedTime{.time = text.size() == 10 ? absl::FromUnixSeconds(number) : absl::FromUnixMillis(number)};
}

}  // namespace

std::optional<ParsedTime> ParseTime(std::string_view text, absl::TimeZone assumed) {
  std::string prepared = Prepare(text.substr(0, kMaxBytes));
  absl::StripAsciiWhitespace(&prepared);
  if (const std::optional<ParsedTime> epoch = ReadEpoch(prepared)) {
    return epoch;
  }
  const std::optional<Fields> fields = Reader(prepared).Read();
  if (!fields || !IsInRange(*fields)) {
    return std::nullopt;
  }
  const absl::CivilSecond civil(fields->year, fields->month, fields->day, fields->hour, fields->minute, fields->second);
  const absl::TimeZone zone = fields->offset_minutes ? absl::FixedTimeZone(*fields->offset_minutes * 60) : assumed;
  return ParsedTime{.time = absl::FromCivil(civil, zone) + fields->fraction,
                    .zone_assumed = !fields->offset_minutes.has_value()};
}

}  // namespace kawat::parse
