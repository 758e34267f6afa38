// What fetch and parse exchange: links, pages, outcomes (proto/kawat/v1/crawl.proto says who sets what).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "article/reason.h"

namespace kawat::article {

// The numbers are those of kawat.v1.LinkKind.
enum class LinkKind : int {
  kUnspecified = 0,
  kEntry = 1,
  kPage = 2,
  kFeed = 3,
  kSitemap = 4,
  kRedirect = 5,
  kSubmitted = 6
};

struct Link {
  std::string url;
  LinkKind kind = LinkKind::kUnspecified;
  std::string title;
  std::optional<absl::Time> published_time;
  std::optional<absl::Time> modified_time;
  int depth = 0;
  std::vector<std::string> redirect_chain;

  bool operator==(const Link&) const = default;
};

inline constexpr std::size_t kMaxLinksPerBatch = 500;

struct LinkBatch {
  std::string from_url;
  std::string source_id;
  std::vector<Link> links;

  bool operator==(const LinkBatch&) const = default;
};

// The numbers are those of kawat.v1.OutcomeKind.
enum class OutcomeKind : int {
  kNone = 0,
  kArticle = 1,
  kLinksOnly = 2,
  kDeadLetter = 3,
  kNotModified = 4,
  kMoved = 5,
  kFailure = 6,
  kDisallowed = 7,
};

// "not_modified": as metrics write it. "unknown" for a number that is no OutcomeKind.
std::string_view Name(OutcomeKind kind);

// How a page ended, for the frontier.
struct PageOutcome {
  std::string url;  // as asked
  std::int64_t seq = 0;
  OutcomeKind kind = OutcomeKind::kNone;
  Reason reason = Reason::kNone;
  std::string article_id;
  std::string detail;

  bool operator==(const PageOutcome&) const = default;
};

using LinkRecord = std::variant<LinkBatch, PageOutcome>;  // value of kawat.links

struct Page {
  std::string url;                     // as asked: where the body came from
  std::vector<std::string> redirects;  // the URLs that led there, first first; empty: none
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // lower-case name, value
  std::int64_t seq = 0;
  absl::Time fetched_time;
  std::string source_id;
  std::string source_language;
  std::string source_time_zone;
  LinkKind kind = LinkKind::kUnspecified;
  int depth = 0;
  std::string hint_title;
  std::optional<absl::Time> hint_published_time;
  std::string body;         // as received, still compressed
  std::string body_sha256;  // 64 hex digits

  // The first header of that lower-case name, or "".
  std::string Header(std::string_view name) const;

  bool operator==(const Page&) const = default;
};

}  // namespace kawat::article
