// From what was parsed to ParseService's proto, for its handler and for `kawat parse`.
#pragma once

#include <cstddef>
#include <limits>

#include "kawat/v1/parse_service.pb.h"
#include "services/parse/parse_page.h"

namespace kawat::parse {

inline constexpr std::size_t kAllLinks = std::numeric_limits<std::size_t>::max();

// Links are left out, from the end, so that they take no more than about `max_link_bytes`.
void ToProto(const ParsedPage& page, std::size_t max_link_bytes, v1::ParsePageResponse& out);

}  // namespace kawat::parse
