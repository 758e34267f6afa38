// The URL that identifies a page: its own rel=canonical or og:url where it may be believed, else where the body came
// from.
#pragma once

#include <string>

#include "services/parse/extract/page_facts.h"
#include "url/url.h"

namespace kawat::parse::extract {

struct CanonicalUrl {
  std::string url;
  std::string rule;
};

// Believed: on the page's registrable domain, and not the site's front page for another page.
CanonicalUrl FindCanonicalUrl(const PageFacts& facts, const url::Url& page);

}  // namespace kawat::parse::extract
