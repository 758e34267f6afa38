// What a page says of itself outside its text: meta elements, links, JSON-LD scripts, <time>; gathered in one walk.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "html/document.h"

namespace kawat::parse::extract {

// What is longer is cut: rules look at it several times, and none needs more.
inline constexpr std::size_t kMaxFactBytes = 16 << 10;

struct TimeElement {
  std::string_view datetime;
  bool published = false;  // pubdate, itemprop=datePublished, or a class that says so
  bool modified = false;
};

// Views into the document. Titles and contents of meta elements are at most kMaxFactBytes.
struct PageFacts {
  std::string title;          // <title>
  std::string_view language;  // <html lang>
  std::string_view base_href;
  std::string_view canonical_href;
  std::vector<std::pair<std::string, std::string_view>> metas;  // lower-case name, property or itemprop; content
  std::vector<std::string_view> json_ld;
  std::vector<std::string_view> feeds;    // hrefs of announced feeds
  std::vector<std::string_view> anchors;  // hrefs, in order
  std::vector<TimeElement> times;         // with a datetime, hidden or not

  // The first that is not empty, in the order of `names`.
  std::string_view Meta(std::initializer_list<std::string_view> names) const;
  // All contents of these names.
  std::vector<std::string_view> Metas(std::initializer_list<std::string_view> names) const;
};

PageFacts GatherFacts(const html::Document& document);

}  // namespace kawat::parse::extract
