#include "services/dedupe/service.h"

#include <filesystem>

#include "base/files.h"
#include "base/status.h"
#include "bus/topics.h"
#include "runtime/stage_host.h"
#include "services/dedupe/body_window.h"
#include "services/dedupe/grpc_handler.h"
#include "services/dedupe/stage.h"
#include "state/rocksdb/rocksdb_store.h"

namespace kawat::dedupe {
namespace {

absl::StatusOr<bool> ArticlesIsEmpty(bus::Bus& bus) {
  KAWAT_ASSIGN_OR_RETURN(const std::int32_t count, bus.PartitionCount(bus::kArticles));
  KAWAT_ASSIGN_OR_RETURN(const std::unique_ptr<bus::Consumer> consumer, bus.NewConsumer(pipeline::GroupOf("dedupe")));
  for (std::int32_t partition = 0; partition < count; ++partition) {
    KAWAT_ASSIGN_OR_RETURN(const bus::OffsetRange range, consumer->Range({std::string(bus::kArticles), partition}));
    if (range.end > 0) {
      return false;
    }
  }
  return true;
}

class DedupeService final : public Service {
 public:
  DedupeService(bus::Bus& bus, base::Clock& clock, telemetry::Registry& registry)
      : bus_(bus), clock_(clock), registry_(registry), host_("dedupe", bus, registry) {}

  absl::Status Start(const Config& config) {
    const std::filesystem::path folder = std::filesystem::path(config.data) / "dedupe" / "00";
    KAWAT_RETURN_IF_ERROR(base::MakeWritableFolder(folder));
    KAWAT_ASSIGN_OR_RETURN(state_, state::OpenRocksDb(folder));
    KAWAT_ASSIGN_OR_RETURN(const bool articles_is_empty, ArticlesIsEmpty(bus_));
    KAWAT_RETURN_IF_ERROR(BeginOrRefuse(*state_, articles_is_empty));
    KAWAT_RETURN_IF_ERROR(host_.Add(
        {.owner = "dedupe/0", .inputs = {{std::string(bus::kParsed), 0}}, .marker_path = folder.string() + ".marker"},
        stage_, state_.get()));
    ObserveWindow();
    handler_ = GrpcHandler::New(*state_);
    host_.OfferBackups({.name = {.service = "dedupe", .number = 0}, .store = state_.get()});
    return host_.Listen({.data = config.data,
                         .metrics = config.metrics,
                         .grpc = {.address = config.grpc},
                         .token_file = config.token_file},
                        {&handler_->service()});
  }

  std::string grpc_address() const override { return host_.grpc_address(); }
  std::string metrics_address() const override { return host_.metrics_address(); }
  absl::Status Run(base::Shutdown& shutdown) override { return host_.Run(shutdown); }

 private:
  void ObserveWindow() {
    registry_.GetGauge("kawat_dedupe_window_max_bodies", "Bodies that the window may hold.")
        .Set(static_cast<double>(stage_.limits().max_bodies));
    window_ = registry_.BeforeRender(
        [this, bodies = registry_.GetGauge("kawat_dedupe_window_bodies", "Bodies in which copies are looked for."),
         age = registry_.GetGauge("kawat_dedupe_window_seconds", "Since the oldest of them was appended.")] {
          if (const absl::StatusOr<WindowFill> fill = ReadWindowFill(*state_); fill.ok()) {
            bodies.Set(static_cast<double>(fill->bodies));
            age.Set(absl::ToDoubleSeconds(clock_.Now() - fill->oldest.value_or(clock_.Now())));
          }
        });
  }

  bus::Bus& bus_;
  base::Clock& clock_;
  telemetry::Registry& registry_;
  DedupeStage stage_;
  std::unique_ptr<state::Store> state_;
  std::unique_ptr<GrpcHandler> handler_;
  std::shared_ptr<void> window_;  // before state_ goes
  runtime::StageHost host_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Service>> Service::Create(const Config& config, bus::Bus& bus, base::Clock& clock,
                                                         telemetry::Registry& registry) {
  auto service = std::make_unique<DedupeService>(bus, clock, registry);
  KAWAT_RETURN_IF_ERROR(service->Start(config));
  return service;
}

}  // namespace kawat::dedupe
