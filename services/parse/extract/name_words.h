// The words that names are made of. The lists are habits of the web at large, in the languages that templates are
// written in; no entry is there for one site.
#pragma once

#include <cstdint>
#include <string_view>

namespace kawat::parse::extract {

// What "sidebar" of a class like "left-sidebar" says (mark::...); 0: nothing.
std::uint32_t MarksOfWord(std::string_view word);

}  // namespace kawat::parse::extract
