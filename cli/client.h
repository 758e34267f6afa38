// Calls to the services, and their errors as sentences.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "base/status.h"
#include "rpc/client.h"
#include "rpc/token.h"

namespace kawat::cli {

struct Server {
  std::string_view service;  // "store": also the flag that names another address
  std::string address;
  std::string token_file;  // whose token is shown; empty: none
};

// The same code, and never without a sentence; when nothing or another service listens there, it names the address and
// what to do.
absl::Status Explain(const absl::Status& status, const Server& server);

// Call({"store", address}, &v1::StoreService::Stub::GetStats, request, response): one call, of `patience` at most,
// whose error is explained.
template <class Stub, class Request, class Response>
absl::Status Call(const Server& server, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                  const Request& request, Response& response, absl::Duration patience = absl::Seconds(10)) {
  std::string token;
  if (!server.token_file.empty()) {
    KAWAT_ASSIGN_OR_RETURN(token, rpc::ReadToken(server.token_file));
  }
  Stub stub(rpc::OpenChannel(server.address));
  return Explain(rpc::Call(method, stub, request, response, patience, token), server);
}

}  // namespace kawat::cli
