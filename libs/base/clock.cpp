#include "base/clock.h"

#include <ctime>

#include "absl/time/clock.h"

namespace kawat::base {
namespace {

class RealClock final : public Clock {
 public:
  absl::Time Now() override { return absl::Now(); }
};

// CLOCK_BOOTTIME goes on while the machine is suspended, as the world does.
class RealUnsetClock final : public Clock {
 public:
  absl::Time Now() override { return begin_ + (SinceBoot() - booted_); }

 private:
  static absl::Duration SinceBoot() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return absl::DurationFromTimespec(now);
  }

  const absl::Time begin_ = absl::Now();
  const absl::Duration booted_ = SinceBoot();
};

}  // namespace

Clock& SystemClock() {
  static RealClock clock;
  return clock;
}

Clock& UnsetClock() {
  static RealUnsetClock clock;
  return clock;
}

}  // namespace kawat::base
