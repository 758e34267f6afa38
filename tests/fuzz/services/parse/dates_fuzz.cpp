// Any bytes are a date. What is understood is written as ISO 8601 and read again as the same time.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "services/parse/dates.h"
#include "tests/fuzz/seeds.h"

std::span<const std::string_view> FuzzSeeds() {
  static constexpr auto kSeeds = std::to_array<std::string_view>({
      "Fri, 03 May 2024 15:47:42 +0900",
      "2024-05-03 15:47:42.389000+00:00",
      "20240503T154742Z",
      "Fri May  3 15:47:42 GMT 2024",
      "May 3rd, 2024 at 12:05 am EDT",
      "Senin, 5 Agustus 2024 | 15.47 WITA",
      "2024年5月3日 15時47分",
      "1714751262389",
  });
  return kSeeds;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto parsed = kawat::parse::ParseTime(text, absl::FixedTimeZone(9 * 3600))) {
    const std::string written = absl::FormatTime(absl::RFC3339_full, parsed->time, absl::UTCTimeZone());
    const auto again = kawat::parse::ParseTime(written, absl::UTCTimeZone());
    KAWAT_CHECK(!again || again->time == parsed->time, "a time that is read differently when written plainly");
  }
  return 0;
}
