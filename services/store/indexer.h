// Keeps a shard's search index behind its state: indexes only what is committed, in the order of kawat.articles, and
// begins where the index says it ended. So neither a SIGKILL nor a lost index file loses or repeats anything.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/store/search_index.h"
#include "state/store.h"

namespace kawat::store {

// Threads: one, the runner's.
class Indexer {
 public:
  // `on_searchable` is told of each article that has become searchable; may be empty. Both must outlive it.
  Indexer(const state::Store& state, SearchIndex& index, std::function<void(const Document&)> on_searchable)
      : state_(state), index_(index), on_searchable_(std::move(on_searchable)) {}

  // Until the index has all that is committed. An index that is damaged, or ahead of the state (restored from an older
  // backup), is begun anew; DataLoss if it is damaged twice in a row.
  absl::Status CatchUp();

 private:
  struct Batch {
    std::vector<Document> add;
    std::vector<std::string> remove;
    std::int64_t last = -1;  // offset; that of the index: nothing is left
  };
  absl::StatusOr<Batch> NextBatch() const;

  const state::Store& state_;
  SearchIndex& index_;
  std::function<void(const Document&)> on_searchable_;
};

// How many changes of the state the index lacks; counts to 100,000 at most. Any thread.
absl::StatusOr<std::int64_t> IndexLag(const state::Reader& state, const SearchIndex& index);

}  // namespace kawat::store
