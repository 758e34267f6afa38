// What a newsroom was asked, host by host: its judgement on the crawler's manners.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace kawat::newsroom {

struct HostLog {
  std::int64_t requests = 0;
  std::optional<absl::Duration> fastest_gap;  // from the end of an answer to the next request
  std::int64_t too_fast = 0;                  // gaps below the delay
  std::int64_t at_once = 0;                   // requests that came while another was being answered
  absl::Time busy_until = absl::InfinitePast();
};

// Threads: one at a time.
class AccessLog {
 public:
  // Gaps shorter than `delay` by more than 2 ms are too fast.
  explicit AccessLog(absl::Duration delay) : delay_(delay) {}

  // A request that came at `arrived`, whose answer is on its way at `arrived` + `takes`. An answer that takes more than
  // a second counts as ended at once, since its client may have left meanwhile, unseen.
  void Record(const std::string& host, absl::Time arrived, absl::Duration takes);

  const std::map<std::string, HostLog>& hosts() const { return hosts_; }

 private:
  absl::Duration delay_;
  std::map<std::string, HostLog> hosts_;
};

}  // namespace kawat::newsroom
