// Where a service listens: its gRPC server with health and reflection, /metrics and the probes, and its line in
// addresses.json.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "pipeline/runner_group.h"
#include "rpc/server.h"
#include "telemetry/endpoint.h"
#include "telemetry/metrics.h"

namespace kawat::runtime {

inline constexpr absl::Duration kStopPatience = absl::Seconds(5);  // of a service's RunnerGroup, for acknowledgements

struct ListenerOptions {
  std::string_view service;  // "store": its name in addresses.json and in the log
  std::string data;          // folder of addresses.json
  std::string metrics;       // address of /metrics and the probes
  rpc::ServerOptions grpc;
};

// Threads: one.
class Listener {
 public:
  // Listens at once. The probes tell how `group` does: live while no loop of it has stood still for a minute, started
  // and ready once all have found their offsets. What is given must outlive it. FailedPrecondition: an address is in
  // use, or addresses.json cannot be written.
  static absl::StatusOr<std::unique_ptr<Listener>> Start(const ListenerOptions& options, grpc::Service& service,
                                                         const pipeline::RunnerGroup& group,
                                                         telemetry::Registry& registry);

  std::string grpc_address() const { return server_->address(); }  // with the ports in use
  std::string metrics_address() const { return endpoint_->address(); }

  // Takes no new calls, and waits up to 2 s for those that run. /metrics and the probes go on until the end.
  void Shutdown();

 private:
  Listener(std::unique_ptr<rpc::Server> server, std::unique_ptr<telemetry::Endpoint> endpoint)
      : server_(std::move(server)), endpoint_(std::move(endpoint)) {}

  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<telemetry::Endpoint> endpoint_;
};

}  // namespace kawat::runtime
