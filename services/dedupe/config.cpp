#include "services/dedupe/config.h"

#include "base/status.h"
#include "web/address.h"

namespace kawat::dedupe {

absl::StatusOr<Config> ParseConfig(const base::Toml& toml) {
  Config config;
  base::Section root = toml.Root();
  root.Read("data", config.data);
  base::Section section = root.At("dedupe");
  section.Read("grpc", config.grpc);
  section.Read("metrics", config.metrics);
  KAWAT_RETURN_IF_ERROR(section.Finish());
  KAWAT_RETURN_IF_ERROR(web::CheckAddress(section, "grpc", config.grpc));
  KAWAT_RETURN_IF_ERROR(web::CheckAddress(section, "metrics", config.metrics));
  return config;
}

}  // namespace kawat::dedupe
