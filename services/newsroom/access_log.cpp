#include "services/newsroom/access_log.h"

#include <algorithm>

namespace kawat::newsroom {
namespace {

constexpr absl::Duration kTolerance = absl::Milliseconds(2);
constexpr absl::Duration kClientsStay = absl::Seconds(1);

}  // namespace

void AccessLog::Record(const std::string& host, absl::Time arrived, absl::Duration takes) {
  HostLog& log = hosts_[host];
  if (log.requests > 0) {
    const absl::Duration gap = arrived - log.busy_until;
    log.fastest_gap = std::min(log.fastest_gap.value_or(gap), gap);
    if (gap < absl::ZeroDuration()) {
      ++log.at_once;
    } else if (gap < delay_ - kTolerance) {
      ++log.too_fast;
    }
  }
  ++log.requests;
  log.busy_until = std::max(log.busy_until, takes > kClientsStay ? arrived : arrived + takes);
}

}  // namespace kawat::newsroom
