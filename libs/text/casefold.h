// Shared by text/*.cpp alone.
#pragma once

#include <string>
#include <string_view>

namespace kawat::text {

// NFKC and case-folded; default ignorable characters (zero-width, soft hyphen, variation selectors) are dropped.
// Idempotent.
std::string Casefold(std::string_view text);

}  // namespace kawat::text
