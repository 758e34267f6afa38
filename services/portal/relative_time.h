// "15 jam yang lalu": how long ago something was, as readers of a language say it (ICU's relative times).
#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace kawat::portal {

// `locale`: "id", "en", "ja" ... In the largest unit that fits, rounded down; a time after `now` counts as now.
std::string RelativeTime(absl::Time time, absl::Time now, std::string_view locale);

}  // namespace kawat::portal
