// DedupeService over gRPC.
#pragma once

#include <memory>

#include "state/store.h"

namespace grpc {
class Service;
}

namespace kawat::dedupe {

// Threads: any.
class GrpcHandler {
 public:
  // `state`, dedupe's own, must outlive it.
  static std::unique_ptr<GrpcHandler> New(const state::Store& state);
  virtual ~GrpcHandler() = default;  // after the server that serves it has ended

  virtual grpc::Service& service() = 0;
};

}  // namespace kawat::dedupe
