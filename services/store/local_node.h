// The shards of this process.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "services/store/node.h"
#include "state/store.h"

namespace kawat::store {

struct Shard {
  int number = 0;
  const state::Store* state = nullptr;
  const SearchIndex* index = nullptr;
};

// What it adds to an answer: its strings, and about as much as its numbers take.
std::size_t BytesOf(const article::Article& article);

class LocalNode final : public Node {
 public:
  // `shards`: its own, in order, of `count` that kawat.articles has; what they point to must outlive this.
  LocalNode(std::vector<Shard> shards, int count) : shards_(std::move(shards)), count_(count) {}

  absl::StatusOr<std::vector<std::vector<IndexHit>>> Find(const IndexQuery& query, const std::vector<Place>& places,
                                                          std::size_t limit, const Patience& patience) const override;
  absl::StatusOr<std::vector<std::optional<article::Article>>> Read(const std::vector<std::string>& ids,
                                                                    bool with_bodies,
                                                                    const Patience& patience) const override;
  absl::StatusOr<std::vector<FoundAlias>> FindAliases(const std::vector<std::string>& urls,
                                                      const Patience& patience) const override;
  absl::StatusOr<std::vector<ClusterMember>> FirstMembers(const std::string& cluster_id,
                                                          const Patience& patience) const override;
  absl::StatusOr<std::vector<ShardStats>> GetStats(const Patience& patience) const override;
  absl::StatusOr<std::int64_t> LastSequence(int shard) const override;
  absl::Status Refresh(const Patience& patience) const override;
  absl::StatusOr<std::vector<StoredChange>> ReadChanges(int shard, std::int64_t after,
                                                        const Patience& patience) const override;

  const std::vector<Shard>& shards() const { return shards_; }

 private:
  absl::StatusOr<const Shard*> Own(int shard) const;

  std::vector<Shard> shards_;
  int count_;
};

}  // namespace kawat::store
