// A gRPC server with health, reflection and limits.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace grpc {
class Service;
}

namespace kawat::telemetry {
class Registry;
}

namespace kawat::rpc {

struct ServerOptions {
  std::string address = "127.0.0.1:0";  // ":7700": all addresses
  int max_request_bytes = 4 << 20;      // ResourceExhausted above
  int max_response_bytes = 4 << 20;
  telemetry::Registry* registry = nullptr;  // where calls are counted; must outlive the server; null: nowhere
};

// Runs up to 64 calls and open streams at once; further ones get ResourceExhausted.
// Threads: any.
class Server {
 public:
  // Serves `services`, which must outlive it. Health says SERVING until Shutdown.
  //   InvalidArgument     what was given is no address
  //   FailedPrecondition  the address is in use or not this machine's; says which and what to do
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       const std::vector<grpc::Service*>& services);

  virtual ~Server() = default;  // Shutdown with 2 s, unless it was called

  virtual std::string address() const = 0;  // with the port in use

  // Takes no new calls, waits up to `patience` for those that run, then cancels them. Returns when no handler runs any
  // more.
  virtual void Shutdown(absl::Duration patience) = 0;
};

}  // namespace kawat::rpc
