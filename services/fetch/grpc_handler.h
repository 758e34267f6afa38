// FetchService over gRPC.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "rpc/token.h"
#include "services/fetch/admin.h"

namespace grpc {
class Service;
}

namespace kawat::fetch {

// Threads: any.
class GrpcHandler {
 public:
  // `peers`: gRPC addresses of all instances, in order, or none. `guard`: for calls that change something. `admin` and
  // `clock` must outlive it.
  static std::unique_ptr<GrpcHandler> New(Admin& admin, const std::vector<std::string>& peers, rpc::TokenGuard guard,
                                          base::Clock& clock);
  virtual ~GrpcHandler() = default;  // after the server that serves it has ended

  virtual grpc::Service& service() = 0;
};

}  // namespace kawat::fetch
