// A state::Store in memory. It outlives a simulated crash: what was committed stays, what was not is gone.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "state/store.h"
#include "tests/support/faults.h"

namespace kawat::support {

class MemoryStore final : public state::Store {
 public:
  using Map = std::map<std::string, std::string, std::less<>>;

  explicit MemoryStore(std::shared_ptr<Faults> faults = std::make_shared<Faults>(), Map content = {})
      : faults_(std::move(faults)), map_(std::make_shared<Map>(std::move(content))) {}

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override;
  absl::Status Scan(std::string_view prefix, std::string_view from, const state::Visitor& visit) const override;
  std::unique_ptr<state::Txn> Begin() override;
  absl::Status Commit(std::unique_ptr<state::Txn> txn) override;

  Faults& faults() { return *faults_; }
  Map Dump() const { return *Current(); }

 private:
  // Changed only while nobody else holds it: snapshots and scans keep the one they began with.
  std::shared_ptr<const Map> Current() const {
    absl::MutexLock lock(&mutex_);
    return map_;
  }

  std::shared_ptr<Faults> faults_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<Map> map_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kawat::support
