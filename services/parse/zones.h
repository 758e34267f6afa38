// Names of time zones as publishers abbreviate them.
#pragma once

#include <optional>
#include <string_view>

namespace kawat::parse {

// Minutes east of UTC of a lower-case abbreviation. Nothing for what nobody knows or what has several meanings without
// a likely one.
std::optional<int> ZoneOffsetMinutes(std::string_view abbreviation);

}  // namespace kawat::parse
