// A whole cluster in one thread, on simulated log, disks, web and time, all driven by one seed: what happens in a run,
// and in which order, follows from its options alone. The stages, the runner, the frontier and the indexer are those
// that the services are made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/bug.h"
#include "tests/simulation/fault.h"
#include "tests/simulation/web.h"

namespace kawat::simulation {

struct Options {
  std::uint64_t seed = 1;
  std::optional<std::vector<Fault>> plan;  // else made from the seed
  Bug bug = Bug::kNone;
  Web::Size size;
  bool trace = false;  // a line on stderr for each event
};

struct Result {
  std::vector<std::string> violations;  // of the invariants (invariants.h); empty: all hold
  std::vector<Fault> plan;
  FaultCounts faults{};
  std::uint64_t fingerprint = 0;  // of all that happened: equal for equal options
  std::int64_t deaths = 0;        // of processes
  std::int64_t pages = 0;
  std::int64_t articles = 0;
  absl::Duration simulated;
};

Result Simulate(const Options& options);

// The same run with as few faults as still violate something.
Result Shrink(const Options& options, const Result& failed);

}  // namespace kawat::simulation
