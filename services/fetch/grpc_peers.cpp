#include "services/fetch/grpc_peers.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "rpc/client.h"

namespace kawat::fetch {
namespace {

constexpr char kForwarded[] = "kawat-forwarded";

}  // namespace

Peers::Peers(const std::vector<std::string>& addresses) : addresses_(addresses) {
  for (const std::string& address : addresses) {
    stubs_.push_back(v1::FetchService::NewStub(rpc::OpenChannel(address)));
  }
}

bool Peers::IsForwarded(const grpc::ServerContext& context) {
  return context.client_metadata().find(kForwarded) != context.client_metadata().end();
}

grpc::Status Peers::GetUrlState(int instance, const grpc::ServerContext& call, absl::Duration patience,
                                const v1::GetUrlStateRequest& request, v1::GetUrlStateResponse& response) const {
  const auto peer = static_cast<std::size_t>(instance);
  const std::unique_ptr<grpc::ClientContext> context = grpc::ClientContext::FromServerContext(call);
  context->set_deadline(absl::ToChronoTime(absl::Now() + patience));  // the call's own deadline holds as well
  context->AddMetadata(kForwarded, "1");
  grpc::Status status = stubs_[peer]->GetUrlState(context.get(), request, &response);
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE ||
      status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return {status.error_code(), absl::StrCat("fetch ", instance, " at ", addresses_[peer],
                                              " has this host and cannot be asked: ", status.error_message())};
  }
  return status;
}

}  // namespace kawat::fetch
