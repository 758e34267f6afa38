// The HTTP port of a service: /metrics, and the probes /livez, /readyz, /startupz as Kubernetes asks them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "telemetry/metrics.h"
#include "web/server.h"

namespace kawat::telemetry {

// OK: 200. Anything else: 503 with the sentence. None: OK. Called on a server thread; must not block.
struct Probes {
  std::function<absl::Status()> live;     // not OK: restart me
  std::function<absl::Status()> ready;    // not OK: send me no requests
  std::function<absl::Status()> started;  // not OK: not yet started, wait
};

// The answer to a request for one of the four paths; nullopt: another path. For HTTP servers that have pages of their
// own.
std::optional<web::Response> AnswerProbe(const web::Request& request, const Registry& registry, const Probes& probes);

// Serves the four paths until destroyed.
class Endpoint {
 public:
  // `registry` must outlive it. FailedPrecondition: the address is in use.
  static absl::StatusOr<std::unique_ptr<Endpoint>> Start(const std::string& address, const Registry& registry,
                                                         Probes probes);

  std::string address() const { return server_->address(); }  // with the port in use

 private:
  explicit Endpoint(std::unique_ptr<web::Server> server) : server_(std::move(server)) {}
  std::unique_ptr<web::Server> server_;
};

}  // namespace kawat::telemetry
