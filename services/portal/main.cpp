// kawat-portal: the web page "Cari Berita" in front of a store. Wiring: service.h. Flags and exit codes:
// libs/base/main.h.
#include "base/main.h"

#include "base/status.h"
#include "runtime/reload.h"
#include "services/portal/service.h"
#include "telemetry/log.h"

int main(int argc, char** argv) {
  using namespace kawat;  // NOLINT(google-build-using-namespace)
  const auto check = [](const base::Toml& toml) -> absl::Status {
    KAWAT_RETURN_IF_ERROR(telemetry::ParseLogConfig(toml).status());
    return portal::ParseConfig(toml).status();
  };
  return base::Main(
      argc, argv, "kawat-portal",
      [check](const base::Toml& toml, base::Shutdown& shutdown) -> absl::Status {
        KAWAT_RETURN_IF_ERROR(telemetry::InitLog(toml, "kawat-portal"));
        KAWAT_ASSIGN_OR_RETURN(const portal::Config config, portal::ParseConfig(toml));
        telemetry::Registry registry;
        KAWAT_ASSIGN_OR_RETURN(const auto service, portal::Service::Create(config, base::SystemClock(), registry));
        const runtime::Reload reload(toml, shutdown, check, {runtime::LogLevel()});
        return service->Run(shutdown);
      },
      check);
}
