// The runners of one service, each on a thread of its own: started together, stopped together, the first error ends
// all.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/shutdown.h"
#include "pipeline/stage_runner.h"

namespace kawat::pipeline {

// Threads: Add, then Run on one; Live and Started from any.
class RunnerGroup {
 public:
  RunnerGroup();
  ~RunnerGroup();
  RunnerGroup(const RunnerGroup&) = delete;
  RunnerGroup& operator=(const RunnerGroup&) = delete;

  void Add(std::unique_ptr<StageRunner> runner);

  // Call once. Until the shutdown is requested (then OK, after the batches at hand) or a runner ends with an error:
  // stops all and returns the first error. After `patience` runners no longer wait for acknowledgements.
  absl::Status Run(base::Shutdown& shutdown, absl::Duration patience);

  // For /livez: no loop has stood still for `limit`. For /startupz: all have found their offsets.
  absl::Status Live(absl::Duration limit) const;
  absl::Status Started() const;

 private:
  struct State;
  std::vector<std::unique_ptr<StageRunner>> runners_;
  std::shared_ptr<State> state_;  // shared with the shutdown's callback, which may outlive this
};

}  // namespace kawat::pipeline
