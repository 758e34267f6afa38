// Shared by text/*.cpp alone.
#pragma once

#include <string>
#include <string_view>

namespace kawat::text {

// NFKC and case-folded; default ignorable characters (zero-width, soft hyphen, variation selectors) are dropped,
// and of more than 64 marks on one character the rest. Idempotent.
std::string Casefold(std::string_view text);

}  // namespace kawat::text
