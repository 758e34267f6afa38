// Time that passes, for reports; no stage sees it.
#pragma once

#include <chrono>

#include "absl/time/time.h"

namespace kawat::pipeline {

class Stopwatch {
 public:
  // Since the last call, or the start.
  absl::Duration Lap() {
    const auto now = std::chrono::steady_clock::now();
    const absl::Duration lap = absl::FromChrono(now - last_);
    last_ = now;
    return lap;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace kawat::pipeline
