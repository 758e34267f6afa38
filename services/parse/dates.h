// Times as publishers write them: in feeds, JSON-LD, <meta> and <time>.
#pragma once

#include <optional>
#include <string_view>

#include "absl/time/time.h"

namespace kawat::parse {

struct ParsedTime {
  absl::Time time;
  bool zone_assumed = false;  // the text names no zone (or one nobody knows): `assumed` was taken
};

// Understands RFC 822 and 1123 ("Fri, 3 May 2024 15:47:42 +0900", two-digit years, named zones, "Fri" left out), ISO
// 8601 and its relatives
// ("2024-05-03T15:47:42Z", "2024-05-03 15:47:42.389000+00:00", "20240503T1547", "2024/5/3", "2024年5月3日 15時47分"),
// asctime ("Fri May 3 15:47:42 2024"), "May 3, 2024 3:47 PM JST", "3 Mei 2024 15:47 WIB", and seconds or milliseconds
// since 1970. A date alone is its midnight in `assumed`. Numbers alone with an ambiguous order ("3/5/2024") are not
// understood. What follows a whole time is ignored. Any thread.
std::optional<ParsedTime> ParseTime(std::string_view text, absl::TimeZone assumed);

}  // namespace kawat::parse
