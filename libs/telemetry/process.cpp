#include "telemetry/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/time/clock.h"
#include "telemetry/metrics.h"

namespace kawat::telemetry {
namespace {

// To the microsecond: `kawat top` takes two addresses that show the same one as one process.
const absl::Time kStarted = absl::Now();

double CpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return absl::ToDoubleSeconds(absl::DurationFromTimeval(usage.ru_utime) + absl::DurationFromTimeval(usage.ru_stime));
}

double ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  double size = 0;
  double resident = 0;
  file >> size >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double OpenFiles() {
  std::error_code code;
  std::filesystem::directory_iterator it("/proc/self/fd", code);
  std::ptrdiff_t count = 0;
  for (; !code && it != std::filesystem::directory_iterator(); it.increment(code)) {
    ++count;
  }
  return static_cast<double>(std::max<std::ptrdiff_t>(0, count - 1));  // less the folder itself
}

double MaxOpenFiles() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

std::shared_ptr<void> ObserveProcess(Registry& registry) {
  registry.GetGauge("process_start_time_seconds", "When the process started, in Unix seconds.")
      .Set(static_cast<double>(absl::ToUnixMicros(kStarted)) / 1e6);
  return registry.BeforeRender([cpu = registry.GetCounter("process_cpu_seconds_total", "User and system time."),
                                resident = registry.GetGauge("process_resident_memory_bytes", "Memory in use."),
                                open = registry.GetGauge("process_open_fds", "Open files and connections."),
                                limit = registry.GetGauge("process_max_fds", "How many may be open.")] {
    cpu.Add(std::max(0.0, CpuSeconds() - cpu.value()));
    resident.Set(ResidentBytes());
    open.Set(OpenFiles());
    limit.Set(MaxOpenFiles());
  });
}

}  // namespace kawat::telemetry
