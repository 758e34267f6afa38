// How a log line is written. Pure, for log.cpp and its test.
#pragma once

#include <string>
#include <string_view>

#include "telemetry/log.h"

namespace kawat::telemetry {

struct LogLine {
  absl::Time time;
  std::string_view level;
  std::string_view program;
  std::string_view message;
};

// {"time":"...","level":"info","program":"kawat-fetch","message":"listening","address":"127.0.0.1:1"}
std::string FormatJson(const LogLine& line, Fields fields);

// 2026-01-01T00:00:00.000Z info  kawat-fetch: listening address=127.0.0.1:1
std::string FormatText(const LogLine& line, Fields fields);

}  // namespace kawat::telemetry
