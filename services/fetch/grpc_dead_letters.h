// DeadLetterService over gRPC.
#pragma once

#include <memory>

#include "rpc/token.h"
#include "services/fetch/dead_letters.h"

namespace grpc {
class Service;
}

namespace kawat::fetch {

// Threads: any.
class GrpcDeadLetters {
 public:
  // `letters` must outlive it. `guard`: for replaying.
  static std::unique_ptr<GrpcDeadLetters> New(DeadLetters& letters, rpc::TokenGuard guard);
  virtual ~GrpcDeadLetters() = default;  // after the server that serves it has ended

  virtual grpc::Service& service() = 0;
};

}  // namespace kawat::fetch
