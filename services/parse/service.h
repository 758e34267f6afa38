// Parse as a service: wiring only.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/shutdown.h"
#include "bus/bus.h"
#include "services/parse/config.h"
#include "telemetry/metrics.h"

namespace kawat::parse {

class Service {
 public:
  virtual ~Service() = default;

  // Listens. What is given must outlive it. FailedPrecondition: an address is in use, or the data folder cannot be
  // written.
  static absl::StatusOr<std::unique_ptr<Service>> Create(const Config& config, bus::Bus& bus, base::Clock& clock,
                                                         telemetry::Registry& registry);

  virtual std::string grpc_address() const = 0;  // with the ports in use
  virtual std::string metrics_address() const = 0;

  // Until the shutdown is requested: then OK, with all that was read committed. Call once.
  virtual absl::Status Run(base::Shutdown& shutdown) = 0;
};

}  // namespace kawat::parse
