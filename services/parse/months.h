// Names of months.
#pragma once

#include <string_view>

namespace kawat::parse {

// 1 to 12 of a lower-case word, by its first three letters; English and Indonesian. 0: it is none.
int MonthOf(std::string_view word);

}  // namespace kawat::parse
