// The article's title among what a page offers: JSON-LD headline, og:title, <h1>, <title>.
#pragma once

#include <string>
#include <string_view>

namespace kawat::parse::extract {

struct TitleCandidates {
  std::string json_ld;
  std::string og;         // og:title, else twitter:title
  std::string heading;    // the <h1> above the text
  std::string document;   // <title>
  std::string site_name;  // og:site_name or the publisher
};

struct Title {
  std::string text;
  std::string rule;
};

Title ChooseTitle(const TitleCandidates& candidates);

// "Headline | Site" without the site: what follows the last separator when it is short and names the site, or (no name
// given) is no part of `other`, another candidate.
std::string WithoutSiteName(std::string_view title, std::string_view site_name, std::string_view other);

}  // namespace kawat::parse::extract
