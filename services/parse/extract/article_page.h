// An HTML page as an article, or why it is none.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "article/article.h"
#include "article/reason.h"
#include "html/document.h"
#include "services/parse/extract/page_facts.h"
#include "url/url.h"

namespace kawat::parse::extract {

struct TraceStep {
  std::string field;  // of Article: "title"
  std::string rule;   // "json-ld headline"
  std::string value;  // at most 200 characters
};

// What is known of a page beside its bytes.
struct PageContext {
  const url::Url* url = nullptr;  // where the body came from
  std::string source_language;    // what pages are in when they do not say
  absl::TimeZone zone;            // of times that have none
  absl::Time fetched_time;
  std::string hint_title;  // of the feed's entry
  std::optional<absl::Time> hint_published_time;
  bool announced = false;  // by a feed: likely an article
};

struct ExtractedPage {
  std::optional<article::Article> article;          // without url, source, seq
  article::Reason reason = article::Reason::kNone;  // why there is none
  std::string detail;
  std::vector<TraceStep> trace;
};

inline constexpr std::size_t kMaxBodyBytes = 512 << 10;
inline constexpr int kExtractorVersion = 1;

// An article has a title and at least 25 words or 100 characters of CJK that are not mostly links; a page that declares
// itself an article (JSON-LD, og:type) needs less.
ExtractedPage ExtractArticlePage(const html::Document& document, const PageFacts& facts, const PageContext& context);

}  // namespace kawat::parse::extract
