// Store as a stage, one a shard: the facts of kawat.articles/N, and the sources of today, into the shard's state. A
// fact is applied if it is newer than what is known for its key; equal or older changes nothing. What is said of a
// taken-down article is ignored.
#pragma once

#include <functional>
#include <utility>

#include "pipeline/stage.h"
#include "services/store/shard_state.h"

namespace kawat::store {

class StoreStage final : public pipeline::Stage {
 public:
  // `committed` runs after each commit, on the runner's thread: the search index follows.
  explicit StoreStage(std::function<absl::Status()> committed) : committed_(std::move(committed)) {}

  absl::Status Apply(const bus::Record& in, state::Txn& state, pipeline::Outbox& out) override;
  absl::Status Committed() override { return committed_(); }

 private:
  std::function<absl::Status()> committed_;
};

}  // namespace kawat::store
