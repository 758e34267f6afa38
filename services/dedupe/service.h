// Dedupe as a service: wiring only.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "bus/bus.h"
#include "runtime/service.h"
#include "services/dedupe/config.h"
#include "telemetry/metrics.h"

namespace kawat::dedupe {

class Service : public runtime::Service {
 public:
  // Opens its state and listens. What is given must outlive it. FailedPrecondition: an address or the folder is in use,
  // or cannot be written; or it would begin empty while kawat.articles is not. NotFound: no such topic.
  static absl::StatusOr<std::unique_ptr<Service>> Create(const Config& config, bus::Bus& bus, base::Clock& clock,
                                                         telemetry::Registry& registry);
};

}  // namespace kawat::dedupe
