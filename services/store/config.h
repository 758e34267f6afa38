// The store's part of the configuration file.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/config.h"

namespace kawat::store {

struct Config {
  std::string data = "data";               // its folders are <data>/store/NN
  std::string grpc = "127.0.0.1:7700";     // where StoreService is served
  std::string metrics = "127.0.0.1:9470";  // where /metrics and the probes are served
  std::string token_file;                  // callers must show its token for backups (rpc/token.h); empty: none
  int instance = 0;                        // owns the shards p with p mod instances = instance
  int instances = 1;
  std::vector<std::string> peers;  // gRPC addresses of all instances in order; may be empty if there is one
};

// `data` and the [store] table. InvalidArgument.
absl::StatusOr<Config> ParseConfig(const base::Toml& toml);

}  // namespace kawat::store
