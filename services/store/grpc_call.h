// How the handlers of this folder answer a call: on a thread of a pool, with the caller's patience, counted.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <functional>

#include "absl/status/status.h"
#include "services/store/search_index.h"
#include "services/store/work_pool.h"
#include "telemetry/metrics.h"

namespace kawat::store {

inline constexpr std::size_t kMaxQueuedCalls = 1'000;  // calls that wait for a thread

// `answer` returns the call's status. What it captures must last until the call ends, as gRPC's arguments do.
grpc::ServerUnaryReactor* RunCall(WorkPool& pool, telemetry::Registry& registry, const char* method,
                                  grpc::CallbackServerContext* context,
                                  std::function<absl::Status(const Patience&)> answer);

}  // namespace kawat::store
