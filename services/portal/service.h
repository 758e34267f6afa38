// The portal as a service: wiring only.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/shutdown.h"
#include "telemetry/metrics.h"

namespace kawat::portal {

struct Config {
  std::string data = "data";              // folder for addresses.json
  std::string listen = "127.0.0.1:8080";  // the portal's HTTP address
  std::string store = "127.0.0.1:7700";   // gRPC address of a store
};

// `data` and the [portal] table. InvalidArgument.
absl::StatusOr<Config> ParseConfig(const base::Toml& toml);

class Service {
 public:
  virtual ~Service() = default;

  // Listens at once. FailedPrecondition: the address is in use. `clock` and `registry` must outlive it.
  static absl::StatusOr<std::unique_ptr<Service>> Create(const Config& config, base::Clock& clock,
                                                         telemetry::Registry& registry);

  virtual std::string address() const = 0;  // with the port in use

  // Until the shutdown is requested.
  virtual absl::Status Run(base::Shutdown& shutdown) = 0;
};

}  // namespace kawat::portal
