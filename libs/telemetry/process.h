// The process itself in metrics, by the names that Prometheus' client libraries have for them. Inside libs/telemetry
// only.
#pragma once

#include <memory>

namespace kawat::telemetry {

class Registry;

// As long as what is returned lives.
std::shared_ptr<void> ObserveProcess(Registry& registry);

}  // namespace kawat::telemetry
