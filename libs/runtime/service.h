// A service as main and `kawat up` see it. Each has a Service of its own with a Create (services/X/service.h), which
// says what it opens and which errors that may have; main.h tells the form.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "base/shutdown.h"

namespace kawat::runtime {

class Service {
 public:
  virtual ~Service() = default;

  virtual std::string grpc_address() const = 0;  // with the ports in use
  virtual std::string metrics_address() const = 0;

  // Until the shutdown is requested: then OK, with all that was read committed. Any other error: a runner's, the
  // process must end. Call once.
  virtual absl::Status Run(base::Shutdown& shutdown) = 0;
};

}  // namespace kawat::runtime
