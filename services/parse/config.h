// Parse's part of the configuration file.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "base/config.h"

namespace kawat::parse {

struct Config {
  std::string data = "data";               // its marker file lies in <data>/parse
  std::string grpc = "127.0.0.1:7702";     // where ParseService is served
  std::string metrics = "127.0.0.1:9472";  // where /metrics and the probes are served
  int threads = 2;                         // that parse at once
};

// `data` and the [parse] table. InvalidArgument.
absl::StatusOr<Config> ParseConfig(const base::Toml& toml);

}  // namespace kawat::parse
