// The main of a service that stands on the log: what it opens (configuration, log lines, bus, metrics), and in which
// order. Flags, signals and exit codes: base/main.h.
//
//   int main(int argc, char** argv) {
//     return kawat::runtime::Main<kawat::store::Service>(argc, argv, "kawat-store", kawat::store::ParseConfig);
//   }
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/main.h"
#include "base/status.h"
#include "bus/open/open.h"
#include "runtime/reload.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace kawat::runtime {

// `Service`: a runtime::Service with Create(const Config&, bus::Bus&, base::Clock&, telemetry::Registry&); `Config` has
// the member `data`. A Service with ReloadSources(const Config&, Shutdown&) is
// given [[sources]] when they change. `name`: "kawat-store". Returns the exit code.
template <class Service, class Config>
int Main(int argc, char** argv, std::string_view name, absl::StatusOr<Config> (*parse)(const base::Toml&)) {
  const auto check = [parse](const base::Toml& toml) -> absl::Status {
    KAWAT_RETURN_IF_ERROR(telemetry::ParseLogConfig(toml).status());
    KAWAT_RETURN_IF_ERROR(bus::ParseBusConfig(toml).status());
    return parse(toml).status();
  };
  return base::Main(
      argc, argv, name,
      [name, parse, check](const base::Toml& toml, base::Shutdown& shutdown) -> absl::Status {
        KAWAT_RETURN_IF_ERROR(telemetry::InitLog(toml, name));
        KAWAT_ASSIGN_OR_RETURN(const Config config, parse(toml));
        KAWAT_ASSIGN_OR_RETURN(const bus::BusConfig bus_config, bus::ParseBusConfig(toml));
        KAWAT_ASSIGN_OR_RETURN(const std::unique_ptr<bus::Bus> bus,
                               bus::Open(bus_config, config.data, base::SystemClock(), shutdown));
        telemetry::Registry registry;
        KAWAT_ASSIGN_OR_RETURN(const std::unique_ptr<Service> service,
                               Service::Create(config, *bus, base::SystemClock(), registry));
        std::vector<ReloadablePart> parts = {LogLevel()};
        if constexpr (requires { service->ReloadSources(config, shutdown); }) {
          parts.push_back({"sources", [&](const base::Toml& next) -> absl::Status {
                             KAWAT_ASSIGN_OR_RETURN(const Config changed, parse(next));
                             return service->ReloadSources(changed, shutdown);
                           }});
        }
        const Reload reload(toml, shutdown, check, std::move(parts));
        return service->Run(shutdown);
      },
      check);
}

}  // namespace kawat::runtime
