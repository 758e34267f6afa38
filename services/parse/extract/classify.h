// Article, list of links, or neither.
#pragma once

#include <string>
#include <string_view>

#include "article/reason.h"
#include "services/parse/extract/body.h"
#include "services/parse/extract/json_ld.h"
#include "services/parse/extract/page_facts.h"
#include "text/text.h"
#include "url/url.h"

namespace kawat::parse::extract {

// Of these a page need not have more: what is counted of it may end here.
inline constexpr text::WordCount kEnoughWords = {.words = 100, .cjk_characters = 400};

struct Evidence {
  const JsonLdArticle& json_ld;
  const PageFacts& facts;
  const Body& body;
  const url::Url& url;
  text::WordCount words;  // of the body, counted up to kEnoughWords
  bool has_title = false;
  bool announced = false;  // by a feed
};

struct Verdict {
  article::Reason reason = article::Reason::kNone;  // kNone: an article
  std::string detail;
};

Verdict Classify(const Evidence& evidence);

}  // namespace kawat::parse::extract
