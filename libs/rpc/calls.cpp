#include "rpc/calls.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace kawat::rpc {
namespace {

using grpc::experimental::InterceptionHookPoints;

constexpr std::string_view kOurs = "/kawat.v1.";

// "/kawat.v1.StoreService/GetArticle" to "StoreService/GetArticle". Clients name methods as they like: those that no
// proto has are one.
std::string NameOf(std::string_view path) {
  std::string full(path.substr(1));
  std::replace(full.begin(), full.end(), '/', '.');
  const bool known = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(full) != nullptr;
  return known ? std::string(path.substr(kOurs.size())) : "other";
}

class CallCounter final : public grpc::experimental::Interceptor {
 public:
  CallCounter(std::string method, telemetry::Registry& registry) : method_(std::move(method)), registry_(registry) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      const int code = methods->GetSendStatus().error_code();
      registry_
          .GetCounter("kawat_rpc_calls_total", "Calls answered.",
                      {{"method", method_}, {"code", absl::StatusCodeToString(static_cast<absl::StatusCode>(code))}})
          .Add();
    }
    methods->Proceed();
  }

 private:
  const std::string method_;
  telemetry::Registry& registry_;
};

class Factory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit Factory(telemetry::Registry& registry) : registry_(registry) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override {
    const std::string_view path = info->method();
    if (!path.starts_with(kOurs)) {
      return nullptr;
    }
    return new CallCounter(NameOf(path), registry_);  // NOLINT(cppcoreguidelines-owning-memory): gRPC takes it
  }

 private:
  telemetry::Registry& registry_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> NewCallCounter(telemetry::Registry& registry) {
  return std::make_unique<Factory>(registry);
}

}  // namespace kawat::rpc
