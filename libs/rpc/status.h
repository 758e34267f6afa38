// absl::Status to and from grpc::Status. The codes are the same numbers; messages are kept. For gRPC handlers and
// clients.
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace kawat::rpc {

grpc::Status ToGrpc(const absl::Status& status);
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace kawat::rpc
