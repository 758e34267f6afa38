// What a newsroom is made of: outlets, their articles, and every URL with the outcome it must have. Plain data, made by
// plan.h (from a seed) or pages.h (from a folder), served by site.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/newsroom/times.h"
#include "services/newsroom/writer.h"

namespace kawat::newsroom {

// How the crawl of a URL must end.
enum class Outcome {
  kArticle,
  kFeed,
  kIndexPage,
  kNoText,
  kNotHtml,
  kBadEncoding,
  kMalformedFeed,
  kNotFound,
  kClientError,
  kServerError,
  kTimeout,
  kBadResponse,
  kTooManyRedirects,
  kMoved,
  kDisallowed,
  kAny,  // some outcome
};

// As the services' protos name them, without the prefix: "LINKS_ONLY" and "FEED". An empty reason: any.
std::string_view KindName(Outcome outcome);
std::string_view ReasonName(Outcome outcome);

enum class Style { kJsonLd, kMeta, kArticleTag, kTable, kOpenGraph };
enum class FeedFormat { kRss, kAtom };
enum class Validators { kBoth, kEtag, kLastModified };

struct Entry {
  std::string url;
  std::string title;
};

// A source: a host with a feed, and for outlets a homepage and sections.
struct Outlet {
  std::string id;
  std::string name;
  std::string group;
  std::string host;
  std::string language;
  std::string country;
  std::string time_zone;
  int utc_offset_seconds = 0;
  Style style = Style::kJsonLd;
  FeedFormat feed_format = FeedFormat::kRss;
  TimeForm time_form = TimeForm::kColon;
  Validators validators = Validators::kBoth;
  bool gzip = false;
  bool tracking = false;  // its feed's links carry utm_source
  int max_depth = 0;
  std::string homepage_url;  // empty: none
  std::string feed_url;
  std::vector<std::string> authors;
  std::vector<Entry> extra_entries;  // in the feed
  std::vector<Entry> extra_links;    // on the homepage
  std::vector<int> articles;         // in order of publication
};

struct Article {
  int outlet = 0;
  std::string url;
  std::string entry_url;  // what the feed links: the url, or one that redirects to it
  std::vector<Content> revisions;
  std::vector<std::string> authors;
  int section = 0;
  std::string agency;  // empty: the outlet's own
  std::string credit;  // "© Kyodo News 2026.", below the body
  int cluster = 0;     // articles with the same number have equal bodies
  absl::Time published;
  absl::Duration after_start;  // when it is put online
};

enum class Kind { kArticle, kFeed, kHomepage, kSection, kRobots, kFixed };

// What a kFixed resource answers.
struct Reply {
  int status = 200;
  std::string content_type = "text/html; charset=utf-8";
  std::string body;
  std::string content_encoding;  // "gzip": the body is stored so
  absl::Duration delay;
  bool cut_connection = false;
};

struct Resource {
  std::string url;  // without fragment
  Kind kind = Kind::kFixed;
  Outcome outcome = Outcome::kAny;
  bool announced = true;   // some feed or page links it, or the configuration names it
  bool forbidden = false;  // by robots.txt
  int outlet = -1;
  int article = -1;
  int section = -1;
  Reply reply;
  std::string moved_to;
};

struct World {
  std::vector<Outlet> outlets;
  std::vector<std::string> other_hosts;  // hosts that are no source's own: www.NAME.example
  std::vector<Article> articles;
  std::vector<Resource> resources;
  bool pages = false;  // real pages: nothing is known of them but that each has an outcome
};

// Of an absolute http(s) URL: the host in lower case without port; path and query, at least "/".
std::string HostOf(std::string_view url);
std::string TargetOf(std::string_view url);

}  // namespace kawat::newsroom
