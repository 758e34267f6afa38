// The store as a service: wiring only.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "bus/bus.h"
#include "runtime/service.h"
#include "services/store/config.h"
#include "telemetry/metrics.h"

namespace kawat::store {

class Service : public runtime::Service {
 public:
  // Opens its shards of kawat.articles (all, if it is the only instance), brings their search indexes up to date, and
  // listens. What is given must outlive it. FailedPrecondition: an address or a folder is in use, or cannot be written,
  // or a folder is of another instance's shard. NotFound: no such topic.
  static absl::StatusOr<std::unique_ptr<Service>> Create(const Config& config, bus::Bus& bus, base::Clock& clock,
                                                         telemetry::Registry& registry);
};

}  // namespace kawat::store
