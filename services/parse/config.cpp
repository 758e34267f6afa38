#include "services/parse/config.h"

#include "runtime/service_config.h"

namespace kawat::parse {

absl::StatusOr<Config> ParseConfig(const base::Toml& toml) {
  return runtime::ParseServiceConfig<Config>(toml, "parse", [](base::Section& section, Config& config) {
    section.Read("threads", config.threads, {.min = 1, .max = 256});
  });
}

}  // namespace kawat::parse
