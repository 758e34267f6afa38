// The one way in which a test waits for what another thread or process does.
#pragma once

#include "absl/functional/function_ref.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace kawat::support {

// True as soon as `condition` holds, which is asked about every 10 ms; false after `patience`.
inline bool WaitUntil(absl::FunctionRef<bool()> condition, absl::Duration patience = absl::Seconds(20)) {
  for (const absl::Time deadline = absl::Now() + patience; !condition();) {
    if (absl::Now() > deadline) {
      return false;
    }
    absl::SleepFor(absl::Milliseconds(10));
  }
  return true;
}

}  // namespace kawat::support
