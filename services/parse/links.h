// The links of a page that may be followed.
#pragma once

#include <string_view>
#include <vector>

#include "article/crawl.h"
#include "services/parse/extract/page_facts.h"
#include "url/url.h"

namespace kawat::parse {

inline constexpr std::size_t kMaxPageLinks = 5'000;

// Anchors (kPage) and announced feeds (kFeed) within the page's registrable domain, without the page itself, images,
// archives and the like; each canonical URL once. Their depth is `depth` + 1.
std::vector<article::Link> LinksOfPage(const extract::PageFacts& facts, const url::Url& page, int depth);

// Whether the page asks that its links be left alone: robots "nofollow" or "none", in its meta element or its header.
bool ForbidsFollowing(const extract::PageFacts& facts, std::string_view robots_tag);

}  // namespace kawat::parse
