// What the configuration of every service of stages has: `data`, and `grpc` and `metrics` in the service's own table.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/config.h"
#include "base/status.h"
#include "web/address.h"

namespace kawat::runtime {

// InvalidArgument: an address is none.
inline absl::Status CheckAddresses(const base::Section& section, const std::string& grpc, const std::string& metrics) {
  KAWAT_RETURN_IF_ERROR(web::CheckAddress(section, "grpc", grpc));
  return web::CheckAddress(section, "metrics", metrics);
}

// `Config` has the members `data`, `grpc` and `metrics`; `read_more` reads what else its table has. InvalidArgument.
template <class Config>
absl::StatusOr<Config> ParseServiceConfig(
    const base::Toml& toml, const char* table,
    void (*read_more)(base::Section&, Config&) = [](base::Section&, Config&) {}) {
  Config config;
  base::Section root = toml.Root();
  root.Read("data", config.data);
  base::Section section = root.At(table);
  section.Read("grpc", config.grpc);
  section.Read("metrics", config.metrics);
  read_more(section, config);
  KAWAT_RETURN_IF_ERROR(section.Finish());
  KAWAT_RETURN_IF_ERROR(CheckAddresses(section, config.grpc, config.metrics));
  return config;
}

}  // namespace kawat::runtime
