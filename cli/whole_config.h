// The one file that configures all of kawat, read whole.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "base/config.h"
#include "bus/open/open.h"
#include "services/dedupe/service.h"
#include "services/fetch/service.h"
#include "services/parse/service.h"
#include "services/portal/service.h"
#include "services/store/service.h"
#include "telemetry/log.h"

namespace kawat::cli {

struct WholeConfig {
  std::string data = "data";
  telemetry::LogConfig log;
  bus::BusConfig bus;
  fetch::Config fetch;
  parse::Config parse;
  dedupe::Config dedupe;
  store::Config store;
  portal::Config portal;
};

// InvalidArgument with file, line and key.
absl::StatusOr<WholeConfig> ParseWholeConfig(const base::Toml& toml);

// Puts all state and addresses.json into `data`.
void SetData(WholeConfig& config, const std::string& data);

// Free ports for every address that is still the default: for tests, and for a second kawat on one machine.
void UseFreePorts(WholeConfig& config);

}  // namespace kawat::cli
