// Where in the page the article's text is: by the names of containers, and by density where names fail.
#pragma once

#include <string>
#include <vector>

#include "services/parse/extract/outline.h"
#include "services/parse/extract/prune.h"

namespace kawat::parse::extract {

struct Roots {
  std::vector<int> elements;  // in document order, none inside another; empty: no prose at all
  std::string rule;           // "container named article-body"
};

Roots FindRoots(const Outline& outline, const Pruned& pruned);

}  // namespace kawat::parse::extract
