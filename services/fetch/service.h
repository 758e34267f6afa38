// Fetch as a service: wiring only.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "bus/bus.h"
#include "runtime/service.h"
#include "services/fetch/config.h"
#include "telemetry/metrics.h"

namespace kawat::fetch {

class Service : public runtime::Service {
 public:
  // Opens its shards and listens. What is given must outlive it. FailedPrecondition: an address or a folder is in use,
  // or the folder cannot be written; NotFound: no such topic; InvalidArgument: fewer shards than instances.
  static absl::StatusOr<std::unique_ptr<Service>> Create(const Config& config, bus::Bus& bus, base::Clock& clock,
                                                         telemetry::Registry& registry);

  // Announces those of config.sources that are new or changed, while it runs. Any thread. Cancelled: a shutdown was
  // requested while the bus was silent.
  virtual absl::Status ReloadSources(const Config& config, base::Shutdown& shutdown) = 0;
};

}  // namespace kawat::fetch
