#include "services/newsroom/times.h"

#include <string>

namespace kawat::newsroom {

std::string Write(absl::Time time, TimeForm form, int utc_offset_seconds) {
  const absl::TimeZone zone = absl::FixedTimeZone(utc_offset_seconds);
  switch (form) {
    case TimeForm::kColon:
      return absl::FormatTime("%Y-%m-%dT%H:%M:%S%Ez", time, zone);
    case TimeForm::kZulu:
      break;
    case TimeForm::kMillis:
      return absl::FormatTime("%Y-%m-%dT%H:%M:%E3S%Ez", time, zone);
    case TimeForm::kBasic:
      return absl::FormatTime("%Y-%m-%dT%H:%M:%S%z", time, zone);
    case TimeForm::kNoZone:
      return absl::FormatTime("%Y-%m-%dT%H:%M:%S", time, zone);
  }
  return WriteRfc3339(time);
}

std::string WriteRfc3339(absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()); }

std::string WriteMailDate(absl::Time time, int utc_offset_seconds) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S %z", time, absl::FixedTimeZone(utc_offset_seconds));
}

std::string WriteHttpDate(absl::Time time) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", time, absl::UTCTimeZone());
}

std::optional<absl::Time> ReadHttpDate(std::string_view text) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", std::string(text), absl::UTCTimeZone(), &time, &error)) {
    return std::nullopt;
  }
  return time;
}

absl::Time FloorToSecond(absl::Time time) { return absl::FromUnixSeconds(absl::ToUnixSeconds(time)); }

}  // namespace kawat::newsroom
