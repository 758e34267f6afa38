// Feeds and sitemaps: RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0, sitemaps (with Google's news extension) and their indexes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "url/url.h"

namespace kawat::parse {

inline constexpr std::size_t kMaxFeedEntries = 50'000;  // as many as a sitemap may hold; what follows is left out
inline constexpr std::size_t kMaxFeedTitleBytes = 1'000;

enum class FeedKind { kFeed, kSitemap };

struct FeedEntry {
  std::string url;    // absolute
  std::string title;  // plain text; may be empty
  std::optional<absl::Time> published;
  std::optional<absl::Time>
      modified;  // Atom <updated>; in RSS <atom:updated>, <dcterms:modified>, <dc:date>; in sitemaps <lastmod>
};

struct Feed {
  FeedKind kind = FeedKind::kFeed;
  std::vector<FeedEntry> entries;         // in document order; those without a URL that fetch could ask are left out
  std::vector<std::string> sitemap_urls;  // of a sitemap index, absolute
};

// By the first element, and where that cannot be seen by the content type. An XML type counts as a feed unless the
// document is a page or a picture: what is wrong with it, ParseFeed says.
bool LooksLikeFeed(std::string_view bytes, std::string_view content_type);

// Lenient: what is broken is read as far as it goes. Times without a zone are read in `assumed`. Any thread.
//   InvalidArgument  nothing is readable, or it is neither feed nor sitemap
absl::StatusOr<Feed> ParseFeed(std::string_view bytes, std::string_view content_type, const url::Url& base_url,
                               absl::TimeZone assumed = absl::UTCTimeZone());

}  // namespace kawat::parse
