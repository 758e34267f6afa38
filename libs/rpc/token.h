// A token that callers must show to change something: "authorization: Bearer TOKEN" (RFC 6750, section 2.1). Without
// TLS whoever reads the network reads it too: it keeps out neighbours, not listeners.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace grpc {
class ServerContext;
}

namespace kawat::rpc {

// The one line of a file. InvalidArgument: it has none of 16 to 1,024 printable characters; NotFound: no such file.
absl::StatusOr<std::string> ReadToken(const std::string& file);

// Threads: any.
class TokenGuard {
 public:
  // Empty: everybody may.
  explicit TokenGuard(std::string file = "") : file_(std::move(file)) {}

  // Unauthenticated: no token, or not the file's. Reads the file each time, so that a renewed one is in force at once.
  absl::Status Check(const grpc::ServerContext& context) const;

 private:
  std::string file_;
};

}  // namespace kawat::rpc
