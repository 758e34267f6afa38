// The other instances of fetch: who is asked of a URL whose shard is not here.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "kawat/v1/fetch_service.grpc.pb.h"

namespace kawat::fetch {

// Threads: any.
class Peers {
 public:
  // gRPC addresses of all instances, in order; empty: nobody can be asked.
  explicit Peers(const std::vector<std::string>& addresses);

  int count() const { return static_cast<int>(stubs_.size()); }

  // Whether the call comes from a peer: then it is answered from the shards that are here, so that calls never go in a
  // circle.
  static bool IsForwarded(const grpc::ServerContext& context);

  // Passes a call on to `instance`, with what is left of its deadline, `patience` at most. The peer's answer, or
  // UNAVAILABLE and the peer's name.
  grpc::Status GetUrlState(int instance, const grpc::ServerContext& call, absl::Duration patience,
                           const v1::GetUrlStateRequest& request, v1::GetUrlStateResponse& response) const;

 private:
  const std::vector<std::string> addresses_;
  std::vector<std::unique_ptr<v1::FetchService::Stub>> stubs_;
};

}  // namespace kawat::fetch
