// The store as a service: wiring only.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/shutdown.h"
#include "bus/bus.h"
#include "services/store/config.h"
#include "telemetry/metrics.h"

namespace kawat::store {

class Service {
 public:
  virtual ~Service() = default;

  // Opens all shards of kawat.articles, brings their search indexes up to date, and listens. What is given must outlive
  // it. FailedPrecondition: an address or a folder is in use, or cannot be written. NotFound: no such topic.
  static absl::StatusOr<std::unique_ptr<Service>> Create(const Config& config, bus::Bus& bus, base::Clock& clock,
                                                         telemetry::Registry& registry);

  virtual std::string grpc_address() const = 0;  // with the ports in use
  virtual std::string metrics_address() const = 0;

  // Until the shutdown is requested: then OK, with all that was read committed. Call once.
  virtual absl::Status Run(base::Shutdown& shutdown) = 0;
};

}  // namespace kawat::store
