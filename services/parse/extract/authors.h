// Who wrote it: names from JSON-LD, meta elements and bylines, cleaned.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "html/document.h"
#include "services/parse/extract/json_ld.h"
#include "services/parse/extract/page_facts.h"

namespace kawat::parse::extract {

struct Authors {
  std::vector<std::string> names;
  std::string rule;
};

Authors FindAuthors(const JsonLdArticle& json_ld, const PageFacts& facts, html::Node body);

// "By Jane Doe and John Roe, Reporter" becomes the two names. URLs, e-mail addresses and handles are left out; each
// name once, at most 20 of them; of a text the first 2,000 bytes, of texts the first 50.
std::vector<std::string> CleanNames(const std::vector<std::string>& raw);

}  // namespace kawat::parse::extract
