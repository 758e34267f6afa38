// Parse as a service: wiring only.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "bus/bus.h"
#include "runtime/service.h"
#include "services/parse/config.h"
#include "telemetry/metrics.h"

namespace kawat::parse {

class Service : public runtime::Service {
 public:
  // Listens. What is given must outlive it. FailedPrecondition: an address is in use, or the data folder cannot be
  // written.
  static absl::StatusOr<std::unique_ptr<Service>> Create(const Config& config, bus::Bus& bus, base::Clock& clock,
                                                         telemetry::Registry& registry);
};

}  // namespace kawat::parse
