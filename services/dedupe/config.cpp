#include "services/dedupe/config.h"

#include "runtime/service_config.h"

namespace kawat::dedupe {

absl::StatusOr<Config> ParseConfig(const base::Toml& toml) {
  return runtime::ParseServiceConfig<Config>(
      toml, "dedupe", [](base::Section& section, Config& config) { section.Read("token_file", config.token_file); });
}

}  // namespace kawat::dedupe
