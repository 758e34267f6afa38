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

// Runs as the machine's does, but nobody sets it, and it goes on while the machine sleeps; its zero means nothing. Lives
// for ever.
Clock& SteadyClock();

}  // namespace kawat::base
