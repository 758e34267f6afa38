#include "services/portal/service.h"

#include "base/files.h"
#include "base/status.h"
#include "runtime/service_config.h"
#include "services/portal/handler.h"
#include "services/portal/store_client.h"
#include "telemetry/addresses.h"
#include "telemetry/endpoint.h"
#include "telemetry/log.h"
#include "web/address.h"

namespace kawat::portal {
namespace {

constexpr int kThreads = kMaxWaiting + 2;

class PortalService final : public Service {
 public:
  PortalService(const Config& config, base::Clock& clock, telemetry::Registry& registry)
      : store_(StoreClient::Connect(config.store)),
        handler_(NewHandler(*store_, clock)),
        requests_(registry.GetCounter("kawat_portal_requests_total", "Requests for pages of the portal.")),
        registry_(registry) {}

  absl::Status Listen(const Config& config) {
    const auto handle = [this](const web::Request& request) -> web::Response {
      if (std::optional<web::Response> probe = telemetry::AnswerProbe(request, registry_, {})) {
        return *std::move(probe);
      }
      requests_.Add();
      return handler_(request);
    };
    KAWAT_ASSIGN_OR_RETURN(server_, web::Server::Start({.address = config.listen, .threads = kThreads}, handle));
    KAWAT_RETURN_IF_ERROR(base::MakeWritableFolder(config.data));
    telemetry::Info("the portal listens", {{"address", server_->address()}});
    return telemetry::Addresses(config.data).Set("portal", {{"http", server_->address()}});
  }

  std::string address() const override { return server_->address(); }

  absl::Status Run(base::Shutdown& shutdown) override {
    shutdown.Wait();
    return absl::OkStatus();
  }

 private:
  std::unique_ptr<StoreClient> store_;
  web::Handler handler_;
  telemetry::Counter requests_;
  telemetry::Registry& registry_;
  std::unique_ptr<web::Server> server_;  // last: its threads use all of the above
};

}  // namespace

absl::StatusOr<Config> ParseConfig(const base::Toml& toml) {
  Config config;
  base::Section root = toml.Root();
  root.Read("data", config.data);
  base::Section section = root.At("portal");
  section.Read("listen", config.listen);
  section.Read("store", config.store);
  KAWAT_RETURN_IF_ERROR(section.Finish());
  KAWAT_RETURN_IF_ERROR(runtime::FinishFile(root));
  KAWAT_RETURN_IF_ERROR(web::CheckAddress(section, "listen", config.listen));
  return config;
}

absl::StatusOr<std::unique_ptr<Service>> Service::Create(const Config& config, base::Clock& clock,
                                                         telemetry::Registry& registry) {
  auto service = std::make_unique<PortalService>(config, clock, registry);
  KAWAT_RETURN_IF_ERROR(service->Listen(config));
  return service;
}

}  // namespace kawat::portal
