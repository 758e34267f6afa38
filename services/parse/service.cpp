#include "services/parse/service.h"

#include <filesystem>

#include "base/files.h"
#include "base/status.h"
#include "bus/topics.h"
#include "pipeline/metrics_observer.h"
#include "pipeline/runner_group.h"
#include "pipeline/stage_runner.h"
#include "runtime/listener.h"
#include "services/parse/grpc_handler.h"
#include "services/parse/stage.h"

namespace kawat::parse {
namespace {

class ParseService final : public Service {
 public:
  ParseService(bus::Bus& bus, base::Clock& clock, telemetry::Registry& registry)
      : bus_(bus), registry_(registry), observer_("parse", registry), handler_(GrpcHandler::New(clock)) {}

  absl::Status Start(const Config& config) {
    const std::filesystem::path folder = std::filesystem::path(config.data) / "parse";
    KAWAT_RETURN_IF_ERROR(base::MakeWritableFolder(folder));
    const pipeline::StageRunnerOptions options{.stage = "parse",
                                               .owner = "parse",
                                               .subscriptions = {std::string(bus::kPages)},
                                               .threads = config.threads,
                                               .marker_path = (folder / "marker").string()};
    KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<pipeline::StageRunner> runner,
                           pipeline::StageRunner::Create(options, stage_, bus_, nullptr, nullptr, &observer_));
    group_.Add(std::move(runner));
    KAWAT_ASSIGN_OR_RETURN(listener_, runtime::Listener::Start({.service = "parse",
                                                                .data = config.data,
                                                                .metrics = config.metrics,
                                                                .grpc = {.address = config.grpc,
                                                                         .max_request_bytes = kMaxParsePageBytes,
                                                                         .max_response_bytes = kMaxParsePageBytes}},
                                                               handler_->service(), group_, registry_));
    return absl::OkStatus();
  }

  std::string grpc_address() const override { return listener_->grpc_address(); }
  std::string metrics_address() const override { return listener_->metrics_address(); }

  absl::Status Run(base::Shutdown& shutdown) override {
    absl::Status status = group_.Run(shutdown, runtime::kStopPatience);
    listener_->Shutdown();
    return status;
  }

 private:
  bus::Bus& bus_;
  telemetry::Registry& registry_;
  pipeline::MetricsObserver observer_;
  ParseStage stage_;
  std::unique_ptr<GrpcHandler> handler_;
  pipeline::RunnerGroup group_;
  std::unique_ptr<runtime::Listener> listener_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Service>> Service::Create(const Config& config, bus::Bus& bus, base::Clock& clock,
                                                         telemetry::Registry& registry) {
  auto service = std::make_unique<ParseService>(bus, clock, registry);
  KAWAT_RETURN_IF_ERROR(service->Start(config));
  return service;
}

}  // namespace kawat::parse
