#include "runtime/stage_host.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "telemetry/addresses.h"
#include "telemetry/log.h"

namespace kawat::runtime {
namespace {

constexpr absl::Duration kAcknowledgementsPatience = absl::Seconds(5);
constexpr absl::Duration kCallsPatience = absl::Seconds(2);
constexpr absl::Duration kStandstill = absl::Seconds(60);  // a loop that does not turn for so long is stuck

}  // namespace

StageHost::StageHost(std::string name, bus::Bus& bus, telemetry::Registry& registry)
    : name_(std::move(name)), bus_(bus), registry_(registry), observer_(name_, registry) {}

absl::Status StageHost::Add(pipeline::StageRunnerOptions options, pipeline::Stage& stage, state::Store* store,
                            pipeline::LocalInput* local) {
  options.stage = name_;
  if (store != nullptr) {
    ObserveState(options.owner.substr(options.owner.find('/') + 1), *store);
  }
  KAWAT_ASSIGN_OR_RETURN(auto runner,
                         pipeline::StageRunner::Create(std::move(options), stage, bus_, store, local, &observer_));
  group_.Add(std::move(runner));
  return absl::OkStatus();
}

absl::Status StageHost::Listen(const ListenOptions& options, const std::vector<grpc::Service*>& services) {
  ObserveBus();
  ObserveDisk(options.data);
  KAWAT_RETURN_IF_ERROR(ServeBackups(options));
  std::vector<grpc::Service*> all = services;
  if (shard_handler_ != nullptr) {
    all.push_back(&shard_handler_->service());
  }
  rpc::ServerOptions grpc = options.grpc;
  grpc.registry = &registry_;
  KAWAT_ASSIGN_OR_RETURN(server_, rpc::Server::Start(grpc, all));
  KAWAT_ASSIGN_OR_RETURN(endpoint_, telemetry::Endpoint::Start(options.metrics, registry_,
                                                               {.live = [this] { return group_.Live(kStandstill); },
                                                                .ready = [this] { return group_.Started(); },
                                                                .started = [this] { return group_.Started(); }}));
  KAWAT_RETURN_IF_ERROR(
      telemetry::Addresses(options.data).Set(name_, {{"grpc", grpc_address()}, {"metrics", metrics_address()}}));
  telemetry::Info(absl::StrCat(name_, " listens"), {{"grpc", grpc_address()}, {"metrics", metrics_address()}});
  return absl::OkStatus();
}

absl::Status StageHost::ServeBackups(const ListenOptions& options) {
  if (!options.token_file.empty()) {
    KAWAT_RETURN_IF_ERROR(
        base::Annotate(rpc::ReadToken(options.token_file).status(), absl::StrCat(name_, ".token_file")));
  }
  if (sources_.empty()) {
    return absl::OkStatus();
  }
  backups_ = std::make_unique<shard::Backups>(options.data);
  for (shard::Source& source : sources_) {
    backups_->Add(std::move(source));
  }
  shard_handler_ = rpc::ShardHandler::New(
      [this](const std::string& shard, const std::string& name,
             const std::function<bool()>& cancelled) -> absl::StatusOr<rpc::ShardHandler::Made> {
        const absl::Time start = absl::Now();
        const absl::StatusOr<shard::Backup> made = backups_->Make(shard, name, cancelled);
        if (!made.ok()) {
          telemetry::Warn("a backup failed", {{"shard", shard}, {"why", made.status()}});
          return made.status();
        }
        telemetry::Info("a backup was made", {{"shard", shard},
                                              {"folder", made->folder.string()},
                                              {"bytes", made->manifest.Bytes()},
                                              {"seconds", absl::ToDoubleSeconds(absl::Now() - start)}});
        return rpc::ShardHandler::Made{.folder = made->folder.string(), .bytes = made->manifest.Bytes()};
      },
      rpc::TokenGuard(options.token_file));
  return absl::OkStatus();
}

void StageHost::ObserveState(const std::string& partition, const state::Store& store) {
  const telemetry::Labels labels = {{"stage", name_}, {"partition", partition}};
  refreshes_.push_back(registry_.BeforeRender(
      [&store, disk = registry_.GetGauge("kawat_state_disk_bytes", "A shard's files.", labels),
       memory = registry_.GetGauge("kawat_state_memory_bytes", "A shard's tables and caches in memory.", labels),
       held_back = registry_.GetGauge("kawat_state_writes_held_back", "1: the disk is too slow.", labels)] {
        const state::StoreUsage usage = store.Usage();
        disk.Set(static_cast<double>(usage.disk_bytes));
        memory.Set(static_cast<double>(usage.memory_bytes));
        held_back.Set(usage.writes_held_back ? 1 : 0);
      }));
}

// Of a process: where several services share one, they set the same.
void StageHost::ObserveBus() {
  refreshes_.push_back(registry_.BeforeRender(
      [this, heard = registry_.GetGauge("kawat_bus_last_heard_timestamp_seconds", "When the broker last answered."),
       rebalances = registry_.GetCounter("kawat_bus_rebalances_total", "Times partitions were given anew."),
       errors = registry_.GetCounter("kawat_bus_errors_total", "Errors of brokers and connections.")] {
        const bus::BusCounts counts = bus_.Counts();
        heard.Set(bus_.LastHeard());
        rebalances.Add(std::max(0.0, static_cast<double>(counts.rebalances) - rebalances.value()));
        errors.Add(std::max(0.0, static_cast<double>(counts.errors) - errors.value()));
      }));
}

void StageHost::ObserveDisk(const std::string& folder) {
  refreshes_.push_back(registry_.BeforeRender(
      [folder, free = registry_.GetGauge("kawat_disk_free_bytes", "Left on the disk of the data folder."),
       size = registry_.GetGauge("kawat_disk_size_bytes", "That disk's size.")] {
        std::error_code code;
        if (const std::filesystem::space_info space = std::filesystem::space(folder, code); !code) {
          free.Set(static_cast<double>(space.available));
          size.Set(static_cast<double>(space.capacity));
        }
      }));
}

absl::Status StageHost::Run(base::Shutdown& shutdown, const std::function<void()>& end_streams) {
  absl::Status status = group_.Run(shutdown, kAcknowledgementsPatience);
  end_streams();
  server_->Shutdown(kCallsPatience);
  return status;
}

}  // namespace kawat::runtime
