// What commands write for people.
#pragma once

#include <string>
#include <string_view>

namespace kawat::cli {

// `text` without what a terminal takes as a command: control characters (C0, DEL and C1; ECMA-48) other than newline
// and tab, and marks that turn the direction of writing, become U+FFFD. Titles and texts come from the web.
std::string ForTerminal(std::string_view text);

// Writes ForTerminal(text) to standard output.
void Print(std::string_view text);

}  // namespace kawat::cli
