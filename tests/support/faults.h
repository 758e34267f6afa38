// Faults of the memory adapters: the Nth call fails, and what it was about to store is lost, kept, or half kept. One
// Faults may serve a bus and several stores, so that a test can let a whole world die at call 1, 2, 3 ... until a run
// meets no fault.
#pragma once

#include <map>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace kawat::support {

enum class Call { kSend, kFlush, kPoll, kBusCommit, kStoreCommit };

// What becomes of unacknowledged sends (on a failed Flush, or when their producer ends) and of a failed store commit.
// kHalf keeps the first half of the sends to each partition; a commit is atomic: half of it is lost.
enum class Fate { kLost, kHalf, kKept };

// Threads: any.
class Faults {
 public:
  // The `nth` call from now, of any kind but kPoll, fails with Unavailable; 1 is the next. Once.
  void FailCall(int nth);
  // The same for one kind.
  void FailCall(Call call, int nth);
  void SetFate(Fate fate);
  void Forget();  // what was to fail, the fate, and what has fired

  int fired() const;  // how many calls failed

  // For adapters.
  absl::Status OnCall(Call call);
  Fate fate() const;

 private:
  mutable absl::Mutex mutex_;
  std::map<Call, int> calls_ ABSL_GUARDED_BY(mutex_);
  int all_calls_ ABSL_GUARDED_BY(mutex_) = 0;
  std::optional<int> fail_at_ ABSL_GUARDED_BY(mutex_);
  std::map<Call, int> fail_kind_at_ ABSL_GUARDED_BY(mutex_);
  int fired_ ABSL_GUARDED_BY(mutex_) = 0;
  Fate fate_ ABSL_GUARDED_BY(mutex_) = Fate::kLost;
};

}  // namespace kawat::support
