// What a page says of itself outside its text: meta elements, links, JSON-LD scripts, <time>; gathered in one walk.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "html/document.h"

namespace kawat::parse::extract {

struct FeedLink {
  std::string_view href;
  std::string_view type;
};

struct TimeElement {
  std::string_view datetime;
  bool published = false;  // pubdate, itemprop=datePublished, or a class that says so
  bool modified = false;
};

// Views into the document.
struct PageFacts {
  std::string title;          // <title>
  std::string_view language;  // <html lang>
  std::string_view base_href;
  std::string_view canonical_href;
  std::vector<std::pair<std::string, std::string_view>> metas;  // lower-case name, property or itemprop; content
  std::vector<std::string_view> json_ld;
  std::vector<FeedLink> feeds;
  std::vector<std::string_view> anchors;  // hrefs, in order
  std::vector<TimeElement> times;         // outside of what is hidden

  // The first that is not empty, in the order of `names`.
  std::string_view Meta(std::initializer_list<std::string_view> names) const;
  // All contents of these names.
  std::vector<std::string_view> Metas(std::initializer_list<std::string_view> names) const;
};

PageFacts GatherFacts(const html::Document& document);

}  // namespace kawat::parse::extract
