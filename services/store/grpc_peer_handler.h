// StorePeerService over gRPC: what a LocalNode answers to peers.
#pragma once

#include <memory>
#include <string>

#include "services/store/local_node.h"
#include "telemetry/metrics.h"

namespace grpc {
class Service;
}

namespace kawat::store {

// Threads: any. Has threads of its own, which ask nobody: so nodes that ask each other never wait in a circle.
class PeerHandler {
 public:
  struct Options {
    int number = 0;
    int nodes = 1;
    int shards = 1;  // of kawat.articles
  };
  // Both must outlive it.
  static std::unique_ptr<PeerHandler> New(const LocalNode& node, const Options& options, telemetry::Registry& registry);
  virtual ~PeerHandler() = default;  // after the server that serves it has ended

  virtual grpc::Service& service() = 0;
};

}  // namespace kawat::store
