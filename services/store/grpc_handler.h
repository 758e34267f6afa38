// StoreService over gRPC: from protos to Library and Watch, and back.
#pragma once

#include <cstddef>
#include <memory>

#include "services/store/library.h"
#include "telemetry/metrics.h"

namespace grpc {
class Service;
}

namespace kawat::store {

inline constexpr std::size_t kMaxWatchers = 48;  // streams at once; further ones get ResourceExhausted

// Threads: any.
class GrpcHandler {
 public:
  // `library` must outlive it.
  static std::unique_ptr<GrpcHandler> New(const Library& library, telemetry::Registry& registry);
  virtual ~GrpcHandler() = default;  // after the server that serves it has ended

  virtual grpc::Service& service() = 0;

  // Something has become searchable: streams go on.
  virtual void Notify() = 0;

  // Ends all streams, with Unavailable: they would otherwise last as long as the server's patience.
  virtual void EndStreams() = 0;
};

}  // namespace kawat::store
