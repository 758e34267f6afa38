// A parent that keeps one child alive: what `kawat up` is without Kubernetes.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "cli/child.h"

namespace kawat::cli {

struct SupervisorOptions {
  std::vector<std::string> arguments;  // of the child
  std::string program = kOwnExecutable;
  int max_restarts = 20;  // in a row, of a child that never ran well; 0: without end
  absl::Duration ran_well = absl::Minutes(1);
  absl::Duration first_wait =
      absl::Seconds(1);  // before the child is started again; doubles while it fails soon after its start
  absl::Duration longest_wait = absl::Seconds(30);
  absl::Duration long_run = absl::Seconds(1);   // a child that ran so long came up: it did not fail soon
  absl::Duration patience = absl::Seconds(12);  // between SIGTERM and SIGKILL
};

// Runs the child until it exits with 0 or 78, until SIGTERM or SIGINT, which is passed on, as SIGHUP is, or until it
// failed after max_restarts restarts (exit code 1). Any other end starts it again. Each failure is a line on stderr.
// Returns the exit code for this process. The calling process must have no other threads.
int Supervise(const SupervisorOptions& options);

}  // namespace kawat::cli
