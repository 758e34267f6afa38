// `newsroom check`: asks a newsroom for its truth, store and fetch for what they have, and compares.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "services/newsroom/compare.h"

namespace kawat::newsroom {

struct CheckOptions {
  std::string newsroom = "127.0.0.1:8900";
  std::string store = "127.0.0.1:7700";
  std::string fetch = "127.0.0.1:7701";
};

// Errors: Unavailable and others of gRPC, naming which of the three and its address. Differences are no error: see the
// report.
absl::StatusOr<CheckReport> Check(const CheckOptions& options);

}  // namespace kawat::newsroom
