// The one configuration file as each program reads it: `data` and its own table; of the others' only that they exist.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/config.h"
#include "base/status.h"

namespace kawat::runtime {

// `root` is the file's top table, after the caller's reads. InvalidArgument: the first error of those, or a key that no
// program of kawat reads.
absl::Status FinishFile(base::Section root);

// InvalidArgument: the value of `grpc` or `metrics` is no address.
absl::Status CheckAddresses(const base::Section& section, const std::string& grpc, const std::string& metrics);

// For a service of stages. `Config` has the members `data`, `grpc` and `metrics`; `read_more` reads what else its table
// has. InvalidArgument.
template <class Config>
absl::StatusOr<Config> ParseServiceConfig(
    const base::Toml& toml, std::string_view table,
    void (*read_more)(base::Section&, Config&) = [](base::Section&, Config&) {}) {
  Config config;
  base::Section root = toml.Root();
  root.Read("data", config.data);
  base::Section section = root.At(table);
  section.Read("grpc", config.grpc);
  section.Read("metrics", config.metrics);
  read_more(section, config);
  KAWAT_RETURN_IF_ERROR(section.Finish());
  KAWAT_RETURN_IF_ERROR(FinishFile(root));
  KAWAT_RETURN_IF_ERROR(CheckAddresses(section, config.grpc, config.metrics));
  return config;
}

}  // namespace kawat::runtime
