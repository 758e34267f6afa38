#include "base/clock.h"

#include <ctime>

#include "absl/time/clock.h"
#include "base/check.h"

namespace kawat::base {
namespace {

class RealClock final : public Clock {
 public:
  absl::Time Now() override { return absl::Now(); }
};

class BootClock final : public Clock {
 public:
  absl::Time Now() override {
    timespec now{};
    KAWAT_CHECK(::clock_gettime(CLOCK_BOOTTIME, &now) == 0, "the machine has no boot clock");
    return absl::TimeFromTimespec(now);
  }
};

}  // namespace

Clock& SystemClock() {
  static RealClock clock;
  return clock;
}

Clock& SteadyClock() {
  static BootClock clock;
  return clock;
}

}  // namespace kawat::base
