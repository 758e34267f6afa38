// ParseService over gRPC.
#pragma once

#include <memory>

#include "base/clock.h"

namespace grpc {
class Service;
}

namespace kawat::parse {

inline constexpr int kMaxParsePageBytes = 6 << 20;  // of a request and of an answer

// Threads: any.
class GrpcHandler {
 public:
  // `clock`, which must outlive it, says when a page was fetched.
  static std::unique_ptr<GrpcHandler> New(base::Clock& clock);
  virtual ~GrpcHandler() = default;  // after the server that serves it has ended

  virtual grpc::Service& service() = 0;
};

}  // namespace kawat::parse
