#include "runtime/stage_host.h"

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
  KAWAT_ASSIGN_OR_RETURN(auto runner,
                         pipeline::StageRunner::Create(std::move(options), stage, bus_, store, local, &observer_));
  group_.Add(std::move(runner));
  return absl::OkStatus();
}

absl::Status StageHost::Listen(const ListenOptions& options, const std::vector<grpc::Service*>& services) {
  KAWAT_ASSIGN_OR_RETURN(server_, rpc::Server::Start(options.grpc, services));
  KAWAT_ASSIGN_OR_RETURN(endpoint_, telemetry::Endpoint::Start(options.metrics, registry_,
                                                               {.live = [this] { return group_.Live(kStandstill); },
                                                                .ready = [this] { return group_.Started(); },
                                                                .started = [this] { return group_.Started(); }}));
  KAWAT_RETURN_IF_ERROR(
      telemetry::Addresses(options.data).Set(name_, {{"grpc", grpc_address()}, {"metrics", metrics_address()}}));
  telemetry::Info(absl::StrCat(name_, " listens"), {{"grpc", grpc_address()}, {"metrics", metrics_address()}});
  return absl::OkStatus();
}

absl::Status StageHost::Run(base::Shutdown& shutdown, const std::function<void()>& end_streams) {
  absl::Status status = group_.Run(shutdown, kAcknowledgementsPatience);
  end_streams();
  server_->Shutdown(kCallsPatience);
  return status;
}

}  // namespace kawat::runtime
