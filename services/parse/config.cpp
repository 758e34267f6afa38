#include "services/parse/config.h"

#include "base/status.h"
#include "web/address.h"

namespace kawat::parse {

absl::StatusOr<Config> ParseConfig(const base::Toml& toml) {
  Config config;
  base::Section root = toml.Root();
  root.Read("data", config.data);
  base::Section section = root.At("parse");
  section.Read("grpc", config.grpc);
  section.Read("metrics", config.metrics);
  section.Read("threads", config.threads, {.min = 1, .max = 256});
  KAWAT_RETURN_IF_ERROR(section.Finish());
  KAWAT_RETURN_IF_ERROR(web::CheckAddress(section, "grpc", config.grpc));
  KAWAT_RETURN_IF_ERROR(web::CheckAddress(section, "metrics", config.metrics));
  return config;
}

}  // namespace kawat::parse
