#include "services/store/config.h"

#include "base/status.h"

namespace kawat::store {

absl::StatusOr<Config> ParseConfig(const base::Toml& toml) {
  Config config;
  base::Section root = toml.Root();
  root.Read("data", config.data);
  base::Section section = root.At("store");
  section.Read("grpc", config.grpc);
  section.Read("metrics", config.metrics);
  KAWAT_RETURN_IF_ERROR(section.Finish());
  return config;
}

}  // namespace kawat::store
