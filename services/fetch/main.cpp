// kawat-fetch: asks the web, politely, and remembers how it went. Wiring: service.h. Flags and exit codes:
// libs/base/main.h.
#include "base/main.h"

#include "base/status.h"
#include "bus/open/open.h"
#include "services/fetch/service.h"
#include "telemetry/log.h"

int main(int argc, char** argv) {
  using namespace kawat;  // NOLINT(google-build-using-namespace)
  return base::Main(
      argc, argv, "kawat-fetch",
      [](const base::Toml& toml, base::Shutdown& shutdown) -> absl::Status {
        KAWAT_ASSIGN_OR_RETURN(const telemetry::LogConfig log, telemetry::ParseLogConfig(toml));
        KAWAT_RETURN_IF_ERROR(telemetry::InitLog(log, "kawat-fetch"));
        KAWAT_ASSIGN_OR_RETURN(const fetch::Config config, fetch::ParseConfig(toml));
        KAWAT_ASSIGN_OR_RETURN(const bus::BusConfig bus_config, bus::ParseBusConfig(toml));
        KAWAT_ASSIGN_OR_RETURN(const auto bus, bus::Open(bus_config, config.data, base::SystemClock(), shutdown));
        telemetry::Registry registry;
        KAWAT_ASSIGN_OR_RETURN(const auto service, fetch::Service::Create(config, *bus, base::SystemClock(), registry));
        return service->Run(shutdown);
      },
      [](const base::Toml& toml) -> absl::Status {
        KAWAT_RETURN_IF_ERROR(telemetry::ParseLogConfig(toml).status());
        KAWAT_RETURN_IF_ERROR(bus::ParseBusConfig(toml).status());
        return fetch::ParseConfig(toml).status();
      });
}
