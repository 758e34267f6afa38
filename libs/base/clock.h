// The wall clock as a port. Only fetch and the edges (gRPC, portal, command line) may ask it; a stage's time is its
// record's.
#pragma once

#include "absl/time/time.h"

namespace kawat::base {

// Threads: any.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() = 0;
};

// The machine's clock; lives for ever. tests/support/fake_clock.h has one that only moves when told to.
Clock& SystemClock();

// Says what the machine's clock says at first, and is never set: it goes on by the time since boot. For what is planned
// in a process that must neither rest nor hurry when somebody sets the clock.
Clock& UnsetClock();

}  // namespace kawat::base
