// The names of time zones that sources and pages may give.
#pragma once

#include <optional>
#include <string_view>

#include "absl/time/time.h"

namespace kawat::article {

// An IANA name such as "Asia/Jakarta". nullopt: no zone has that name. The machine's own zone ("localtime") and names
// that lead out of the folder of zones are none: the answer must be the same everywhere.
std::optional<absl::TimeZone> LoadZone(std::string_view name);

}  // namespace kawat::article
