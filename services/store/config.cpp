#include "services/store/config.h"

#include "runtime/service_config.h"

namespace kawat::store {

absl::StatusOr<Config> ParseConfig(const base::Toml& toml) {
  return runtime::ParseServiceConfig<Config>(toml, "store");
}

}  // namespace kawat::store
