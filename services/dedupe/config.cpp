#include "services/dedupe/config.h"

#include "base/status.h"

namespace kawat::dedupe {

absl::StatusOr<Config> ParseConfig(const base::Toml& toml) {
  Config config;
  base::Section root = toml.Root();
  root.Read("data", config.data);
  base::Section section = root.At("dedupe");
  section.Read("grpc", config.grpc);
  section.Read("metrics", config.metrics);
  KAWAT_RETURN_IF_ERROR(section.Finish());
  return config;
}

}  // namespace kawat::dedupe
