// Dedupe's part of the configuration file.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "base/config.h"

namespace kawat::dedupe {

struct Config {
  std::string data = "data";               // its folder is <data>/dedupe/00
  std::string grpc = "127.0.0.1:7703";     // where DedupeService is served
  std::string metrics = "127.0.0.1:9473";  // where /metrics and the probes are served
  std::string token_file;                  // callers must show its token for backups (rpc/token.h); empty: none
};

// `data` and the [dedupe] table. InvalidArgument.
absl::StatusOr<Config> ParseConfig(const base::Toml& toml);

}  // namespace kawat::dedupe
