// FetchService over gRPC.
#pragma once

#include <memory>

#include "base/clock.h"
#include "services/fetch/admin.h"

namespace grpc {
class Service;
}

namespace kawat::fetch {

// Threads: any.
class GrpcHandler {
 public:
  // Both must outlive it.
  static std::unique_ptr<GrpcHandler> New(Admin& admin, base::Clock& clock);
  virtual ~GrpcHandler() = default;  // after the server that serves it has ended

  virtual grpc::Service& service() = 0;
};

}  // namespace kawat::fetch
