// What readers ask of all shards, wherever they are: the answers of StoreService without its protos.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "article/article.h"
#include "base/clock.h"
#include "services/store/node.h"
#include "services/store/query.h"
#include "services/store/search_index.h"
#include "state/store.h"

namespace kawat::store {

inline constexpr int kDefaultPageSize = 20;
inline constexpr int kMaxPageSize = 200;
inline constexpr std::size_t kMaxPageBytes = 3 << 20;         // a page ends with the article that reaches it
inline constexpr std::size_t kMaxClusterBodyBytes = 2 << 20;  // of a cluster's kMaxPageBytes

struct Filter {
  std::string source_id;
  std::string source_group;
  std::string language;
  std::optional<absl::Time> after;   // inclusive
  std::optional<absl::Time> before;  // exclusive
};

struct FoundArticle {
  article::Article article;
  std::string source_name;  // today's
  std::string source_group;
  std::string snippet;  // of searches
};

// What it adds to an answer: its strings, and about as much as its numbers take.
std::size_t BytesOf(const FoundArticle& found);

struct Page {
  std::vector<FoundArticle> articles;
  std::string next_page_token;
  Hint hint;  // of searches
};

struct PageRequest {
  int size = 0;  // 0: kDefaultPageSize
  std::string token;
};

struct Cluster {
  std::string id;
  std::vector<FoundArticle> articles;  // the first-decided kMaxClusterMembers at most; fewer if they are large
};

// Times are filtered as they are sorted: min(published, observed), since published is the publisher's word.
//
// Threads: any. Errors: InvalidArgument names the field and the limit; NotFound; DeadlineExceeded and Cancelled by
// `patience`; Unavailable: a node cannot be asked, and no answer is given without it.
class Library {
 public:
  // `nodes`: those of all `shards` of kawat.articles, in order: shard p is of the (p mod nodes)th. `sources`: a shard's
  // state, since each has all of kawat.sources. What is pointed to must outlive this.
  Library(std::vector<const Node*> nodes, int shards, const state::Reader& sources, base::Clock& clock)
      : nodes_(std::move(nodes)), shards_(shards), sources_(sources), clock_(clock) {}

  absl::StatusOr<FoundArticle> Get(const std::string& article_id, const Patience& patience) const;
  absl::StatusOr<FoundArticle> GetByUrl(const std::string& url, const Patience& patience) const;
  absl::StatusOr<Page> List(const Filter& filter, const PageRequest& request, const Patience& patience) const;
  absl::StatusOr<Page> Search(const std::string& query, const Filter& filter, const PageRequest& request,
                              const Patience& patience) const;
  // Even `with_bodies`, those beyond kMaxClusterBodyBytes come without.
  absl::StatusOr<Cluster> GetCluster(const std::string& cluster_id, bool with_bodies, const Patience& patience) const;
  absl::StatusOr<std::vector<ShardStats>> GetStats(const Patience& patience) const;  // of all shards, in order

  int shards() const { return shards_; }
  std::size_t nodes() const { return nodes_.size(); }
  const Node& NodeOf(int shard) const { return *nodes_[static_cast<std::size_t>(shard) % nodes_.size()]; }
  absl::Status Refresh(const Patience& patience) const;               // of all nodes
  absl::StatusOr<FoundArticle> Join(article::Article article) const;  // with the source of today
  static bool Matches(const Filter& filter, const FoundArticle& found);

 private:
  struct Plan;
  absl::StatusOr<IndexQuery> Resolve(const Query& query) const;
  absl::StatusOr<std::vector<IndexTerm>> ResolveTerm(const Term& term) const;
  absl::StatusOr<std::vector<std::string>> FirstMembers(const std::string& cluster_id, const Patience& patience) const;
  absl::StatusOr<std::vector<std::optional<article::Article>>> Read(const std::vector<std::string>& ids,
                                                                    bool with_bodies, const Patience& patience) const;
  absl::StatusOr<Page> Run(const Plan& plan, const PageRequest& request, const Patience& patience) const;

  std::vector<const Node*> nodes_;
  int shards_;
  const state::Reader& sources_;
  base::Clock& clock_;
};

}  // namespace kawat::store
