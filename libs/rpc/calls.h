// Counts the calls that a server answers. Inside libs/rpc only.
#pragma once

#include <grpcpp/support/server_interceptor.h>

#include <memory>

#include "telemetry/metrics.h"

namespace kawat::rpc {

// kawat_rpc_calls_total of kawat's own services; health and reflection are not counted. `registry` must outlive it.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> NewCallCounter(telemetry::Registry& registry);

}  // namespace kawat::rpc
