// The text of a page's article.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "services/parse/extract/outline.h"

namespace kawat::parse::extract {

// What is known of the article before its text is looked for.
struct BodyHints {
  std::vector<std::string> titles;  // candidates: none of them is a paragraph
  std::string description;          // of the meta elements: a visible paragraph that equals it is the standfirst
  std::string json_ld_body;         // a candidate for the text itself
};

struct Body {
  std::vector<std::string> paragraphs;
  std::string rule;              // what gave it
  std::size_t length = 0;        // ReadingLength
  std::size_t prose_length = 0;  // of it, paragraphs long enough to be sentences
  int headlines = 0;             // headings in its place that are links: what lists of articles have
  std::size_t link_lines_length =
      0;  // lines of the page that are links, long enough to be headlines, without navigation
  int link_lines = 0;
  std::string first_heading;  // the page's <h1> nearest to the text, at most kMaxFactBytes
};

Body ExtractBody(const Outline& outline, const BodyHints& hints);

}  // namespace kawat::parse::extract
