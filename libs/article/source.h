// A publisher as kawat crawls it (kawat.v1.Source).
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace kawat::article {

struct Source {
  std::string id;  // lower-case letters, digits and hyphens, at most 64
  std::string name;
  std::string group;
  std::string homepage_url;
  std::vector<std::string> feed_urls;
  std::vector<std::string> sitemap_urls;
  std::string language;          // BCP 47
  std::string country;           // ISO 3166-1 alpha-2, lower case
  std::string time_zone;         // IANA name; empty: UTC
  absl::Duration min_delay;      // between requests to one host; zero: fetch's own
  absl::Duration poll_interval;  // of feeds and sitemaps; zero: fetch's own
  int max_depth = 0;             // 0: fetch's own; -1: only what feeds announce

  bool operator==(const Source&) const = default;
};

}  // namespace kawat::article
