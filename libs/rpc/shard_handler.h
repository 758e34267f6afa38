// ShardService: its calls as functions, so that who serves it needs no gRPC.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "rpc/token.h"

namespace grpc {
class Service;
}

namespace kawat::rpc {

// Threads: any.
class ShardHandler {
 public:
  struct Made {
    std::string folder;
    std::uint64_t bytes = 0;
  };
  // `cancelled`: whether the caller has gone.
  using Backup = std::function<absl::StatusOr<Made>(const std::string& shard, const std::string& name,
                                                    const std::function<bool()>& cancelled)>;

  static std::unique_ptr<ShardHandler> New(Backup backup, TokenGuard guard);
  virtual ~ShardHandler() = default;  // after the server that serves it has ended

  virtual grpc::Service& service() = 0;
};

}  // namespace kawat::rpc
