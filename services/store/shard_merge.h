// The hits of all shards as one list, newest first.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/store/node.h"

namespace kawat::store {

struct MergedHit {
  int shard = 0;
  IndexHit hit;
};

// One thread.
class ShardMerge {
 public:
  // `nodes`: shard p is of the (p mod nodes)th; they must outlive it. `places`: a shard's hits come from below its
  // place.
  ShardMerge(const std::vector<const Node*>& nodes, const IndexQuery& query, const std::vector<Position>& places);

  // The newest that are left, in their order: `count`, or all if they are fewer.
  absl::StatusOr<std::deque<MergedHit>> Next(std::size_t count, const Patience& patience);
  absl::StatusOr<bool> HasMore(const Patience& patience);

 private:
  struct Source {
    int shard = 0;
    std::deque<IndexHit> hits;
    Position asked = 0;  // hits from below here are still in the index
    bool at_end = false;
  };
  absl::Status Fill(std::size_t expected, const Patience& patience);
  absl::StatusOr<Source*> Newest(std::size_t expected, const Patience& patience);

  const std::vector<const Node*>& nodes_;
  const IndexQuery query_;
  std::vector<Source> sources_;
};

}  // namespace kawat::store
