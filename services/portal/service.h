// The portal as a service: wiring only.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/config.h"
#include "base/shutdown.h"

namespace kawat::portal {

struct Config {
  std::string listen = "127.0.0.1:8080";  // the portal's HTTP address
  std::string store = "127.0.0.1:7700";   // gRPC address of a store
};

// The [portal] table.
absl::StatusOr<Config> ParseConfig(const base::Toml& toml);

class Service {
 public:
  virtual ~Service() = default;

  // FailedPrecondition when the address is in use.
  static absl::StatusOr<std::unique_ptr<Service>> Create(const Config& config);

  virtual std::string address() const = 0;
  virtual absl::Status Run(base::Shutdown& shutdown) = 0;
};

}  // namespace kawat::portal
