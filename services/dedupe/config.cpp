#include "services/dedupe/config.h"

#include "runtime/service_config.h"

namespace kawat::dedupe {

absl::StatusOr<Config> ParseConfig(const base::Toml& toml) {
  return runtime::ParseServiceConfig<Config>(toml, "dedupe");
}

}  // namespace kawat::dedupe
