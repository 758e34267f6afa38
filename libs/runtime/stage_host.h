// What a service of stages stands on: its runners, its gRPC server with health and reflection, /metrics and the probes,
// its line in addresses.json, and backups of its shards.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "base/shutdown.h"
#include "bus/bus.h"
#include "pipeline/metrics_observer.h"
#include "pipeline/runner_group.h"
#include "pipeline/stage_runner.h"
#include "rpc/server.h"
#include "rpc/shard_handler.h"
#include "shard/backup.h"
#include "telemetry/endpoint.h"
#include "telemetry/metrics.h"

namespace kawat::runtime {

struct ListenOptions {
  std::string data;     // folder of addresses.json
  std::string metrics;  // address of /metrics and the probes
  rpc::ServerOptions grpc;
  std::string token_file;  // for calls that change something (rpc/token.h); empty: everybody may
};

// Threads: one. Declare it last: it uses the stages and the gRPC services it is given until it is destroyed.
class StageHost {
 public:
  // `name`: "store", in addresses.json, in metrics and in the log. `bus` and `registry` must outlive it.
  StageHost(std::string name, bus::Bus& bus, telemetry::Registry& registry);

  // A runner for `stage`; `options.stage` is filled in. The rest: pipeline::StageRunner::Create.
  absl::Status Add(pipeline::StageRunnerOptions options, pipeline::Stage& stage, state::Store* store,
                   pipeline::LocalInput* local = nullptr);

  // Lets ShardService back it up. Before Listen.
  void OfferBackups(shard::Source source) { sources_.push_back(std::move(source)); }

  // Listens at once, once all runners are added. The probes: live while no loop has stood still for a minute, started
  // and ready once all have found their offsets. FailedPrecondition: an address is in use, or addresses.json cannot be
  // written. InvalidArgument, NotFound: the token's file.
  absl::Status Listen(const ListenOptions& options, const std::vector<grpc::Service*>& services);

  // Counts records that were sent beside the runners.
  void CountSent(const std::string& topic, std::size_t records, std::size_t bytes) {
    observer_.OnSent(topic, records, bytes);
  }

  std::string grpc_address() const { return server_->address(); }  // with the ports in use
  std::string metrics_address() const { return endpoint_->address(); }

  // Service::Run. Stopped, runners wait up to 5 s for acknowledgements; then `end_streams` ends calls without an end,
  // no new ones are taken, and those that run have 2 s. /metrics and the probes go on until the end.
  absl::Status Run(
      base::Shutdown& shutdown, const std::function<void()>& end_streams = [] {});

 private:
  void ObserveState(const std::string& partition, const state::Store& store);
  void ObserveBus();
  absl::Status ServeBackups(const ListenOptions& options);
  void ObserveDisk(const std::string& folder);

  const std::string name_;
  bus::Bus& bus_;
  telemetry::Registry& registry_;
  pipeline::MetricsObserver observer_;
  pipeline::RunnerGroup group_;
  std::vector<shard::Source> sources_;
  std::unique_ptr<shard::Backups> backups_;
  std::unique_ptr<rpc::ShardHandler> shard_handler_;  // null: no shard was offered
  std::vector<std::shared_ptr<void>> refreshes_;      // before what they look at goes
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<telemetry::Endpoint> endpoint_;
};

}  // namespace kawat::runtime
