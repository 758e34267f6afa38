// Channels to kawat's services, and calls with a deadline. For gRPC clients only: it includes gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "rpc/status.h"

namespace kawat::rpc {

// Without TLS and without the proxy of the environment. Answers of up to 8 MiB are taken. Connects with the first call.
std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address);

// Call(&v1::StoreService::Stub::GetStats, *stub, request, response, absl::Seconds(3)). DeadlineExceeded after
// `patience`; Unavailable: nothing listens there; else what the service says. `token`: see token.h; empty: none is
// sent.
template <class Stub, class Request, class Response>
absl::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), Stub& stub,
                  const Request& request, Response& response, absl::Duration patience, const std::string& token = "") {
  grpc::ClientContext context;
  if (!token.empty()) {
    context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
  }
  context.set_deadline(absl::ToChronoTime(absl::Now() + patience));
  return FromGrpc((stub.*method)(&context, request, &response));
}

}  // namespace kawat::rpc
