// kawat-store: keeps articles, finds them, and answers readers. Wiring: service.h. Flags and exit codes:
// libs/base/main.h.
#include "base/main.h"

#include "base/status.h"
#include "bus/open/open.h"
#include "services/store/service.h"
#include "telemetry/log.h"

int main(int argc, char** argv) {
  using namespace kawat;  // NOLINT(google-build-using-namespace)
  return base::Main(
      argc, argv, "kawat-store",
      [](const base::Toml& toml, base::Shutdown& shutdown) -> absl::Status {
        KAWAT_ASSIGN_OR_RETURN(const telemetry::LogConfig log, telemetry::ParseLogConfig(toml));
        KAWAT_RETURN_IF_ERROR(telemetry::InitLog(log, "kawat-store"));
        KAWAT_ASSIGN_OR_RETURN(const store::Config config, store::ParseConfig(toml));
        KAWAT_ASSIGN_OR_RETURN(const bus::BusConfig bus_config, bus::ParseBusConfig(toml));
        KAWAT_ASSIGN_OR_RETURN(const auto bus, bus::Open(bus_config, config.data, base::SystemClock(), shutdown));
        telemetry::Registry registry;
        KAWAT_ASSIGN_OR_RETURN(const auto service, store::Service::Create(config, *bus, base::SystemClock(), registry));
        return service->Run(shutdown);
      },
      [](const base::Toml& toml) { return store::ParseConfig(toml).status(); });
}
