// One page, decompressed, into what it is: an article with its links, links alone, or nothing that can be read. Pure:
// the stage, the gRPC handler and the command line share it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "article/article.h"
#include "article/crawl.h"
#include "services/parse/extract/article_page.h"

namespace kawat::parse {

struct PageInput {
  std::string_view url;           // where the body came from; relative links and the canonical URL depend on it
  std::string_view bytes;         // not compressed
  std::string_view content_type;  // the header's value; empty: looked for in the bytes
  std::string_view robots_tag;    // X-Robots-Tag
  std::string source_language;    // BCP 47; what pages are in when they do not say
  std::string source_time_zone;   // IANA; empty or unknown: UTC
  absl::Time fetched_time;
  article::LinkKind kind = article::LinkKind::kUnspecified;
  int depth = 0;
  std::string hint_title;
  std::optional<absl::Time> hint_published_time;
};

inline constexpr std::size_t kMaxDetailBytes = 500;

struct ParsedPage {
  article::OutcomeKind outcome = article::OutcomeKind::kNone;  // kArticle, kLinksOnly or kDeadLetter
  article::Reason reason = article::Reason::kNone;
  std::string detail;                       // a sentence; UTF-8, at most kMaxDetailBytes
  std::optional<article::Article> article;  // kArticle; without source_id and seq
  std::vector<article::Link> links;         // each URL once, in the page's order
  std::vector<extract::TraceStep> trace;
};

ParsedPage ParsePageContent(const PageInput& input);

// A page that cannot be read, as ParsePageContent says it.
ParsedPage DeadLetterPage(article::Reason reason, std::string_view detail);

// A sentence that may quote what came from outside, as ParsedPage::detail must be.
std::string CleanDetail(std::string_view detail);

}  // namespace kawat::parse
