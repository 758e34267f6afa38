// Whose text it is: an agency's credit in dateline, last line, byline or copyright line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kawat::parse::extract {

struct Credit {
  std::string agency;  // "Reuters"
  std::string agency_rule;
  std::string copyright;  // "© Thomson Reuters 2025."; taken out of the paragraphs
};

Credit FindCredit(std::vector<std::string>& paragraphs, const std::vector<std::string>& authors);

}  // namespace kawat::parse::extract
