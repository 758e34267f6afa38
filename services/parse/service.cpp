#include "services/parse/service.h"

#include <filesystem>

#include "base/files.h"
#include "base/status.h"
#include "bus/topics.h"
#include "runtime/stage_host.h"
#include "services/parse/grpc_handler.h"
#include "services/parse/stage.h"

namespace kawat::parse {
namespace {

class ParseService final : public Service {
 public:
  ParseService(bus::Bus& bus, base::Clock& clock, telemetry::Registry& registry)
      : handler_(GrpcHandler::New(clock)), host_("parse", bus, registry) {}

  absl::Status Start(const Config& config) {
    const std::filesystem::path folder = std::filesystem::path(config.data) / "parse";
    KAWAT_RETURN_IF_ERROR(base::MakeWritableFolder(folder));
    KAWAT_RETURN_IF_ERROR(host_.Add({.owner = "parse",
                                     .subscriptions = {std::string(bus::kPages)},
                                     .threads = config.threads,
                                     .marker_path = (folder / "marker").string()},
                                    stage_, nullptr));
    return host_.Listen({.data = config.data,
                         .metrics = config.metrics,
                         .grpc = {.address = config.grpc,
                                  .max_request_bytes = kMaxParsePageBytes,
                                  .max_response_bytes = kMaxParsePageBytes}},
                        {&handler_->service()});
  }

  std::string grpc_address() const override { return host_.grpc_address(); }
  std::string metrics_address() const override { return host_.metrics_address(); }
  absl::Status Run(base::Shutdown& shutdown) override { return host_.Run(shutdown); }

 private:
  ParseStage stage_;
  std::unique_ptr<GrpcHandler> handler_;
  runtime::StageHost host_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Service>> Service::Create(const Config& config, bus::Bus& bus, base::Clock& clock,
                                                         telemetry::Registry& registry) {
  auto service = std::make_unique<ParseService>(bus, clock, registry);
  KAWAT_RETURN_IF_ERROR(service->Start(config));
  return service;
}

}  // namespace kawat::parse
