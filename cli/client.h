// Channels to the services, and their errors as sentences.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace kawat::cli {

inline constexpr std::string_view kDefaultStore = "127.0.0.1:7700";
inline constexpr std::string_view kDefaultFetch = "127.0.0.1:7701";

std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address);

// A deadline for one call.
void SetDeadline(grpc::ClientContext& context);

// The same code; when nothing listens, the sentence names the address and what to do. `service`: "store".
absl::Status ToStatus(const grpc::Status& status, std::string_view service, std::string_view address);

// Calls `method` of a stub for `Service` at `address`: Call(&v1::StoreService::Stub::GetStats, *stub, request,
// response).
template <class Stub, class Request, class Response>
grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), Stub& stub,
                  const Request& request, Response& response) {
  grpc::ClientContext context;
  SetDeadline(context);
  return (stub.*method)(&context, request, &response);
}

}  // namespace kawat::cli
