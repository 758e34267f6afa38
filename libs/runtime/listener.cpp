#include "runtime/listener.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "telemetry/addresses.h"
#include "telemetry/log.h"

namespace kawat::runtime {
namespace {

constexpr absl::Duration kStandstill = absl::Seconds(60);    // a loop that does not turn for so long is stuck
constexpr absl::Duration kCallsPatience = absl::Seconds(2);  // for calls that run

}  // namespace

absl::StatusOr<std::unique_ptr<Listener>> Listener::Start(const ListenerOptions& options, grpc::Service& service,
                                                          const pipeline::RunnerGroup& group,
                                                          telemetry::Registry& registry) {
  KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<rpc::Server> server, rpc::Server::Start(options.grpc, {&service}));
  KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<telemetry::Endpoint> endpoint,
                         telemetry::Endpoint::Start(options.metrics, registry,
                                                    {.live = [&group] { return group.Live(kStandstill); },
                                                     .ready = [&group] { return group.Started(); },
                                                     .started = [&group] { return group.Started(); }}));
  KAWAT_RETURN_IF_ERROR(telemetry::Addresses(options.data)
                            .Set(options.service, {{"grpc", server->address()}, {"metrics", endpoint->address()}}));
  telemetry::Info(absl::StrCat(std::string(options.service), " listens"),
                  {{"grpc", server->address()}, {"metrics", endpoint->address()}});
  return std::unique_ptr<Listener>(new Listener(std::move(server), std::move(endpoint)));
}

void Listener::Shutdown() { server_->Shutdown(kCallsPatience); }

}  // namespace kawat::runtime
