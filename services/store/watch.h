// A reader that follows the shards as articles become searchable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "services/store/library.h"

namespace kawat::store {

struct WatchedArticle {
  FoundArticle found;
  std::string resume_token;
};

// One thread at a time. In a shard, articles come in the order of kawat.articles; between shards there is none.
class Watch {
 public:
  // From `resume_token` on; empty: from now on. InvalidArgument; Unavailable: a node cannot be asked. `library` must
  // outlive it.
  static absl::StatusOr<Watch> Begin(const Library& library, const Filter& filter, const std::string& resume_token,
                                     const Patience& patience);

  // The next article that matches, of those that the last Library::Refresh knew of at least. nullopt: none now, or
  // `max_changes` were passed over; then more() says which. Errors as those of Node.
  absl::StatusOr<std::optional<WatchedArticle>> Next(std::size_t max_changes, const Patience& patience);
  bool more() const { return more_; }

 private:
  struct Place {
    std::int64_t passed = -1;  // offset of kawat.articles: up to here all was given or does not match
    std::deque<StoredChange> ahead;
  };

  Watch(const Library& library, Filter filter) : library_(&library), filter_(std::move(filter)) {}
  absl::Status Look(std::size_t shard, const Patience& patience);
  absl::StatusOr<std::optional<FoundArticle>> Take(std::size_t shard);
  std::string Token() const;

  const Library* library_;
  Filter filter_;
  std::vector<Place> places_;
  std::size_t turn_ = 0;  // the shard that is asked next
  bool more_ = false;
};

}  // namespace kawat::store
