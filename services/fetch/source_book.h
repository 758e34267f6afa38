// The sources in memory: what is theirs, and how often it may be asked.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "article/crawl.h"
#include "article/source.h"

namespace kawat::fetch {

inline constexpr absl::Duration kMinPollInterval = absl::Seconds(1);
inline constexpr int kMaxDepthLimit = 10;

// Of a source or an owner: 1 to 64 lower-case letters, digits and hyphens.
bool IsId(std::string_view id);

// InvalidArgument that names the field and the limit.
absl::Status ValidateSource(const article::Source& source);

struct Seed {
  std::string url;   // canonical
  std::string host;  // host_and_port
  article::LinkKind kind = article::LinkKind::kPage;
};

// Homepage (kPage), feeds and sitemaps; what is no URL is left out.
std::vector<Seed> SeedsOf(const article::Source& source);

struct CrawlLimits {
  absl::Duration delay = absl::Seconds(1);
  absl::Duration poll_interval = absl::Seconds(60);
  int max_depth = 3;
};

// One thread.
class SourceBook {
 public:
  explicit SourceBook(CrawlLimits defaults) : defaults_(defaults) {}

  void Put(article::Source source);
  void Remove(std::string_view id);

  const article::Source* Find(std::string_view id) const;

  // The source within whose registrable domains `host` ("host" or "host:port") lies: `preferred` if it is one of
  // several, else the first by id; null: none.
  const article::Source* OwnerOf(std::string_view host, std::string_view preferred) const;

  // Another source than `except` that has this seed; null: none.
  const article::Source* WithSeed(std::string_view url, std::string_view except) const;

  // Between requests to `host`: the longest min_delay of the sources it belongs to; else the default.
  absl::Duration DelayOf(std::string_view host) const;
  absl::Duration PollIntervalOf(std::string_view id) const;

  // Whether `source` lets a link of that kind and depth be asked. Entries of its feeds and redirects may lead anywhere,
  // but to ports below 1024 other than 80 and 443 only where the source itself has one.
  bool Accepts(const article::Source& source, std::string_view host, article::LinkKind kind, int depth) const;

 private:
  CrawlLimits defaults_;
  std::map<std::string, article::Source, std::less<>> sources_;
  std::map<std::string, std::set<std::string>, std::less<>> by_domain_;  // registrable domain to ids
};

}  // namespace kawat::fetch
