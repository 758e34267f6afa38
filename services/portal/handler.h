// The portal's routes.
#pragma once

#include "base/clock.h"
#include "services/portal/store_client.h"
#include "web/server.h"

namespace kawat::portal {

// GET / (with q and page), GET /article/ID. Both arguments must outlive the handler. Threads: any.
web::Handler NewHandler(StoreClient& store, base::Clock& clock);

}  // namespace kawat::portal
