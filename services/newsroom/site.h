// A world being served: what is online at a moment, which revision, what was served and asked.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "services/newsroom/access_log.h"
#include "services/newsroom/world.h"
#include "web/server.h"

namespace kawat::newsroom {

// A newer revision appears at least SiteOptions::revision_after and at most so much more after the last time its
// predecessor was served: so a crawler that was killed after an answer and is back by then gets the same revision again
// first.
inline constexpr absl::Duration kRevisionSpread = absl::Milliseconds(800);

struct Counts {
  int announced = 0;           // articles, in all
  int published = 0;           // of them, online by now
  int served = 0;              // of them, asked for and answered
  int revisions_pending = 0;   // revisions that are not online yet
  int revisions_unserved = 0;  // online, and not asked for yet
  std::int64_t revisions_served = 0;
  std::int64_t requests = 0;
};

struct SiteOptions {
  absl::Time start;
  absl::Duration delay;
  std::uint64_t seed = 0;
  absl::Duration revision_after = absl::Seconds(4);
};

// What was served of an article.
struct Served {
  int revisions = 0;  // how many different ones
  int newest = -1;    // index in Article::revisions
};

// Threads: any.
class Site {
 public:
  // `clock` must outlive it.
  Site(World world, SiteOptions options, base::Clock& clock);

  // Never fails: what is not there is a 404.
  web::Response Answer(const web::Request& request);

  Counts counts();
  std::string TruthJson();  // truth.cpp

 private:
  struct ArticleState {
    int online = 0;  // index of the revision that is served now
    absl::Time modified;
    absl::Time last_served = absl::InfinitePast();
    absl::Duration wait;  // from last_served to the next revision
    Served served;
  };
  struct ResourceState {
    std::int64_t requests = 0;
    bool not_modified = false;  // a 304 was answered
  };

  bool Online(const Resource& resource, absl::Time now) const;
  bool Published(const Article& article, absl::Time now) const { return now >= options_.start + article.after_start; }
  int Find(const std::string& host, const std::string& target) const;
  void Advance(int article, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  web::Response Serve(int index, const web::Request& request, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  web::Response ServeArticle(const Resource& resource, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  web::Response ServeList(const Resource& resource, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string FeedText(const Outlet& outlet, absl::Time changed, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<Entry> Headlines(const Outlet& outlet, int section, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<Entry> Network(const Outlet& outlet) const;
  absl::Time Changed(const Outlet& outlet, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Counts CountsAt(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const World world_;
  const SiteOptions options_;
  base::Clock& clock_;
  std::unordered_map<std::string, int> by_address_;  // host + target
  std::unordered_map<std::string, int> by_path_;     // host + path without query; -1: several
  std::set<std::string> known_hosts_;

  absl::Mutex mutex_;
  std::vector<ArticleState> articles_ ABSL_GUARDED_BY(mutex_);
  std::vector<ResourceState> resources_ ABSL_GUARDED_BY(mutex_);
  AccessLog log_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::int64_t> unknown_ ABSL_GUARDED_BY(mutex_);  // URLs asked that are nowhere announced
};

}  // namespace kawat::newsroom
