#include "rpc/server.h"

#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>

#include <mutex>

#include "base/status.h"
#include "rpc/calls.h"
#include "telemetry/log.h"
#include "web/address.h"

namespace kawat::rpc {
namespace {

constexpr absl::Duration kPatienceOfDestructor = absl::Seconds(2);
constexpr int kMaxThreads = 64;
constexpr int kHandshakeMs = 10'000;                // connections that say nothing take files from the whole process
constexpr int kIdleMs = 300'000;                    // clients connect again by themselves
constexpr int kPingMs = 5'000;                      // a client that asks more often whether we live is sent away
constexpr std::size_t kMaxMemoryBytes = 256 << 20;  // of messages on their way

class GrpcServer final : public Server {
 public:
  GrpcServer(std::unique_ptr<grpc::Server> server, std::string address)
      : server_(std::move(server)), address_(std::move(address)) {}
  ~GrpcServer() override { GrpcServer::Shutdown(kPatienceOfDestructor); }
  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;

  std::string address() const override { return address_; }

  void Shutdown(absl::Duration patience) override {
    std::call_once(once_, [&] {
      if (grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService(); health != nullptr) {
        health->SetServingStatus(false);
      }
      server_->Shutdown(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(patience));
      server_->Wait();
    });
  }

 private:
  std::unique_ptr<grpc::Server> server_;
  const std::string address_;
  std::once_flag once_;
};

// What gRPC says on stderr becomes lines of our log; its errors are for its developers, since ours return a Status.
void Log(gpr_log_func_args* args) {
  telemetry::Debug("gRPC says",
                   {{"text", std::string_view(args->message)}, {"severity", gpr_log_severity_string(args->severity)}});
}

void PrepareProcess() {  // switches of the whole process
  static std::once_flag once;
  std::call_once(once, [] {
    gpr_set_log_function(Log);
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      const std::vector<grpc::Service*>& services) {
  PrepareProcess();
  KAWAT_RETURN_IF_ERROR(web::ParseAddress(options.address).status());
  const std::size_t colon = options.address.rfind(':');
  const std::string host = colon == 0 ? "[::]" : options.address.substr(0, colon);

  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(host + options.address.substr(colon), grpc::InsecureServerCredentials(), &port);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // else a second process would share the port unseen
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxThreads);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMs);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kIdleMs);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kPingMs);
  builder.SetMaxReceiveMessageSize(options.max_request_bytes);
  builder.SetMaxSendMessageSize(options.max_response_bytes);
  grpc::ResourceQuota quota("kawat");
  quota.SetMaxThreads(kMaxThreads);
  quota.Resize(kMaxMemoryBytes);
  builder.SetResourceQuota(quota);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MIN_POLLERS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MAX_POLLERS, 2);
  if (options.registry != nullptr) {
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
    interceptors.push_back(NewCallCounter(*options.registry));
    builder.experimental().SetInterceptorCreators(std::move(interceptors));
  }
  for (grpc::Service* service : services) {
    builder.RegisterService(service);
  }
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    return absl::FailedPreconditionError(absl::StrCat("cannot listen on ", options.address,
                                                      " for gRPC: it is in use or not an address of this machine; stop "
                                                      "the other program or choose another (port 0 takes a free one)"));
  }
  return std::make_unique<GrpcServer>(std::move(server), absl::StrCat(host, ":", port));
}

}  // namespace kawat::rpc
