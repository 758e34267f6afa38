// What was probably meant by a name that is not known.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kawat::base {

// The end of a sentence on a wrong name: `; did you mean "timeout"?`, or all that are known if none is near.
std::string Suggestion(std::string_view wrong, const std::vector<std::string>& known);

}  // namespace kawat::base
