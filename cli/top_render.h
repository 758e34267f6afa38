// `kawat top`'s view as text for people and as JSON for scripts.
#pragma once

#include <cstddef>
#include <string>

#include "cli/top_view.h"

namespace kawat::cli {

// Lines without control characters, each with a newline; the tables that matter most come first.
std::string RenderText(const View& view);

// One line of JSON, without a newline. Unknown values are null; rates are a second's.
std::string RenderJson(const View& view);

// The top left of `text`: so that it fits a terminal. Lines of UTF-8 are cut between characters.
std::string Clip(const std::string& text, std::size_t rows, std::size_t columns);

}  // namespace kawat::cli
