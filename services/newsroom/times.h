// Times as outlets write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace kawat::newsroom {

enum class TimeForm {
  kColon,   // 2026-01-05T14:03:07+07:00
  kZulu,    // 2026-01-05T07:03:07Z
  kMillis,  // 2026-01-05T14:03:07.000+07:00
  kBasic,   // 2026-01-05T14:03:07+0700
  kNoZone,  // 2026-01-05T14:03:07, in the outlet's zone
};

std::string Write(absl::Time time, TimeForm form, int utc_offset_seconds);
std::string WriteRfc3339(absl::Time time);                           // UTC, "Z"
std::string WriteMailDate(absl::Time time, int utc_offset_seconds);  // RFC 5322: "Mon, 05 Jan 2026 14:03:07 +0700"
std::string WriteHttpDate(absl::Time time);                          // RFC 9110: "Mon, 05 Jan 2026 07:03:07 GMT"
std::optional<absl::Time> ReadHttpDate(std::string_view text);
absl::Time FloorToSecond(absl::Time time);

}  // namespace kawat::newsroom
