#include "services/portal/relative_time.h"

#include <unicode/reldatefmt.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

#include "base/check.h"

namespace kawat::portal {
namespace {

struct Unit {
  absl::Duration length;
  UDateRelativeUnit name;
};

constexpr int kDaysAMonth = 30;
constexpr int kDaysAYear = 365;

const std::array<Unit, 7>& Units() {
  static const std::array<Unit, 7> units{{{absl::Hours(24 * kDaysAYear), UDAT_RELATIVE_YEARS},
                                          {absl::Hours(24 * kDaysAMonth), UDAT_RELATIVE_MONTHS},
                                          {absl::Hours(24 * 7), UDAT_RELATIVE_WEEKS},
                                          {absl::Hours(24), UDAT_RELATIVE_DAYS},
                                          {absl::Hours(1), UDAT_RELATIVE_HOURS},
                                          {absl::Minutes(1), UDAT_RELATIVE_MINUTES},
                                          {absl::Seconds(1), UDAT_RELATIVE_SECONDS}}};
  return units;
}

}  // namespace

std::string RelativeTime(absl::Time time, absl::Time now, std::string_view locale) {
  const absl::Duration age = std::max(now - time, absl::ZeroDuration());
  const Unit* unit = &Units().back();
  for (const Unit& candidate : Units()) {
    if (age >= candidate.length) {
      unit = &candidate;
      break;
    }
  }
  UErrorCode code = U_ZERO_ERROR;
  const icu::RelativeDateTimeFormatter formatter(icu::Locale(std::string(locale).c_str()), code);
  icu::UnicodeString text;
  formatter.format(absl::FDivDuration(age, unit->length) < 1 ? 0.0 : static_cast<double>(age / unit->length),
                   UDAT_DIRECTION_LAST, unit->name, text, code);
  KAWAT_CHECK(U_SUCCESS(code), "ICU has no data");
  std::string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

}  // namespace kawat::portal
