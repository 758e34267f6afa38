// One node of a store of several: the shards p with p mod nodes = its number, and what the library asks of them.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "article/article.h"
#include "base/status.h"
#include "services/store/search_index.h"
#include "services/store/shard_state.h"

namespace kawat::store {

inline constexpr std::size_t kMaxReadBytes = 2 << 20;        // an answer of Read ends with the article that reaches it
inline constexpr std::size_t kMaxReadIds = 1'000;            // what one Read is asked for
inline constexpr std::size_t kMaxLookAhead = 64;             // changes in an answer of ReadChanges
inline constexpr std::size_t kMaxLookAheadBytes = 64 << 10;  // it ends with the article that reaches it
inline constexpr std::size_t kMaxClusterMembers = 1'000;

struct Place {  // of a reader in a shard
  int shard = 0;
  Position before = kNewest;
};

struct FoundAlias {
  std::size_t url = 0;  // the how-manieth of those that were asked for
  int shard = 0;
  std::string article_id;

  auto operator<=>(const FoundAlias&) const = default;
};

struct ClusterMember {
  article::Version version;  // of its membership: the order in which members were decided
  std::string article_id;

  auto operator<=>(const ClusterMember&) const = default;
};

struct ShardStats {
  int shard = 0;
  Totals totals;
  std::int64_t index_lag = 0;
};

struct StoredChange {
  std::int64_t offset = 0;                  // in kawat.articles
  std::optional<article::Article> article;  // nullopt: taken down, or replaced in place since: it comes later
};

// Threads: any. A shard that is not its own is an InvalidArgument.
// Errors:   DeadlineExceeded and Cancelled by `patience`; Unavailable: the node cannot be asked; it is named.
// Adapters: local_node.h, grpc_peer_node.h.
class Node {
 public:
  virtual ~Node() = default;

  // Of each place at most `limit` hits, newest first, from below it and within the query.
  virtual absl::StatusOr<std::vector<std::vector<IndexHit>>> Find(const IndexQuery& query,
                                                                  const std::vector<Place>& places, std::size_t limit,
                                                                  const Patience& patience) const = 0;

  // The newest revisions of the first of `ids` (kMaxReadIds at most), as many as make kMaxReadBytes and at least one;
  // nullopt: no such article, or taken down.
  virtual absl::StatusOr<std::vector<std::optional<article::Article>>> Read(const std::vector<std::string>& ids,
                                                                            bool with_bodies,
                                                                            const Patience& patience) const = 0;

  // In any order.
  virtual absl::StatusOr<std::vector<FoundAlias>> FindAliases(const std::vector<std::string>& urls,
                                                              const Patience& patience) const = 0;

  // The first-decided kMaxClusterMembers, in that order.
  virtual absl::StatusOr<std::vector<ClusterMember>> FirstMembers(const std::string& cluster_id,
                                                                  const Patience& patience) const = 0;

  virtual absl::StatusOr<std::vector<ShardStats>> GetStats(const Patience& patience) const = 0;

  // Up to which offset a shard is searchable, as the last Refresh found it (or later); its error, if it had one. Does
  // not wait.
  virtual absl::StatusOr<std::int64_t> LastSequence(int shard) const = 0;
  virtual absl::Status Refresh(const Patience& patience) const = 0;

  // The searchable changes of a shard after offset `after`: at most kMaxLookAhead, or fewer if they are large.
  virtual absl::StatusOr<std::vector<StoredChange>> ReadChanges(int shard, std::int64_t after,
                                                                const Patience& patience) const = 0;
};

// What `ask(0)`, `ask(1)` ... answer, each a StatusOr, asked at the same time: they wait for other machines. The first
// error.
template <class Ask>
auto AskAll(std::size_t count, const Ask& ask)
    -> absl::StatusOr<std::vector<typename std::invoke_result_t<Ask, std::size_t>::value_type>> {
  using Answer = std::invoke_result_t<Ask, std::size_t>;
  std::vector<std::future<Answer>> others;
  for (std::size_t i = 1; i < count; ++i) {
    others.push_back(std::async(std::launch::async, [&ask, i] { return ask(i); }));
  }
  std::vector<typename Answer::value_type> answers;
  absl::Status status;
  for (std::size_t i = 0; i < count; ++i) {
    Answer answer = i == 0 ? ask(i) : others[i - 1].get();
    status.Update(answer.status());
    if (answer.ok()) {
      answers.push_back(*std::move(answer));
    }
  }
  KAWAT_RETURN_IF_ERROR(status);
  return answers;
}

}  // namespace kawat::store
