// The portal's routes.
#pragma once

#include "base/clock.h"
#include "services/portal/store_client.h"
#include "web/server.h"

namespace kawat::portal {

// Requests that wait for the store at one time: further ones are told to come again, so that a store that hangs leaves
// threads for probes.
inline constexpr int kMaxWaiting = 14;

// GET / (with q and page), GET /article/ID. Both arguments must outlive the handler. Threads: any.
web::Handler NewHandler(StoreClient& store, base::Clock& clock);

}  // namespace kawat::portal
