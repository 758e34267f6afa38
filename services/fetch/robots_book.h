// The robots.txt of a shard's hosts, by origin ("https://host"): what each answered, in memory and state; its rules in
// the state, and in memory those judged by last.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/fetch/frontier_state.h"
#include "services/fetch/robots.h"
#include "state/store.h"

namespace kawat::fetch {

inline constexpr std::uint64_t kMaxJudging = 10'000'000;            // RobotsBook::work at a time: some 60 ms
inline constexpr absl::Duration kRobotsLifetime = absl::Hours(24);  // RFC 9309 section 2.4

// One thread.
class RobotsBook {
 public:
  struct Known {
    RobotsState state;  // with a status of 200 without its text
    std::optional<absl::Duration> crawl_delay;
  };

  explicit RobotsBook(std::size_t max_rules_bytes) : max_rules_bytes_(max_rules_bytes) {}

  // At start: what the state holds of `origin`. DataLoss.
  absl::Status Load(std::string_view origin, std::string_view value);

  const Known* Find(std::string_view origin) const;

  // With a status of 200 the text is the robots.txt, as received; only the rules that concern kawat are kept.
  void Put(state::Txn& txn, const std::string& origin, RobotsState state);

  // Whether the rules of `origin`, which is known with a status of 200, allow it. Errors: the reader's, DataLoss.
  absl::StatusOr<bool> Allows(const state::Reader& reader, const std::string& origin, std::string_view path_and_query);

  // Deletes some of those that expired a lifetime ago: had anything been waiting for them, they would be newer.
  void DropOld(state::Txn& txn, absl::Time now);

  // Grow by what judging costs: by Robots::Cost, which follows from what is judged, and by that of reading rules, too,
  // which follows from what is in memory.
  std::uint64_t judging() const { return judging_; }
  std::uint64_t work() const { return judging_ + reading_; }
  std::size_t rules_bytes() const { return rules_bytes_; }

 private:
  struct Cached {
    std::string origin;
    Robots rules;
  };

  void Remember(const std::string& origin, Known known);
  void Cache(const std::string& origin, Robots rules);
  void Forget(std::string_view origin);

  const std::size_t max_rules_bytes_;
  std::map<std::string, Known, std::less<>> known_;
  std::set<std::pair<absl::Time, std::string>> by_expiry_;
  std::list<Cached> cache_;  // last used first
  std::map<std::string, std::list<Cached>::iterator, std::less<>> in_cache_;
  std::size_t rules_bytes_ = 0;
  std::uint64_t judging_ = 0, reading_ = 0;
};

}  // namespace kawat::fetch
