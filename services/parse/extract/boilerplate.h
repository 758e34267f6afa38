// Lines that stand among an article's paragraphs and are not of it: "Advertisement", "Read also: ...", "Follow us on
// ...".
#pragma once

#include <string_view>

namespace kawat::parse::extract {

// `text` with white space collapsed. `has_link`: part of it is a link, which makes weaker signs enough.
bool IsBoilerplate(std::string_view text, bool has_link);

}  // namespace kawat::parse::extract
