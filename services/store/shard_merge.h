// The hits of all shards as one list, newest first.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/store/search_index.h"

namespace kawat::store {

struct Shard;

// One thread. Copies what it is given but the shards.
class ShardMerge {
 public:
  // `places`: a shard's hits come from below its place.
  ShardMerge(const std::vector<Shard>& shards, const IndexQuery& query, const std::vector<Position>& places);

  // The newest article that is left; nullopt: none. `expected`: how many more will be asked for, at most.
  absl::StatusOr<std::optional<std::string>> Next(std::size_t expected, const Patience& patience);
  absl::StatusOr<bool> HasMore(const Patience& patience);

  // Where to go on after what Next has given: for the next page's token.
  std::vector<Position> places() const;

 private:
  struct Source {
    const Shard* shard = nullptr;
    std::deque<IndexHit> hits;
    Position asked = 0;  // hits from below here are still in the index
    Position given = 0;
    bool at_end = false;
  };
  absl::StatusOr<Source*> Newest(std::size_t expected, const Patience& patience);

  IndexQuery query_;
  std::vector<Source> sources_;
};

}  // namespace kawat::store
