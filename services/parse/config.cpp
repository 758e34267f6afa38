#include "services/parse/config.h"

#include "base/status.h"

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
  return config;
}

}  // namespace kawat::parse
