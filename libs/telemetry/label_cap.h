// Keeps a label's values few: names from outside (sources) must not make series without end.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace kawat::telemetry {

// Threads: any.
class LabelCap {
 public:
  explicit LabelCap(std::size_t most) : most_(most) {}

  // `value` itself for the first `most` different ones; "other" for all further ones, and for the empty one.
  std::string Of(std::string_view value) {
    const absl::MutexLock lock(&mutex_);
    if (value.empty() || (values_.size() >= most_ && !values_.contains(value))) {
      return "other";
    }
    return *values_.emplace(value).first;
  }

 private:
  const std::size_t most_;
  absl::Mutex mutex_;
  std::set<std::string, std::less<>> values_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kawat::telemetry
