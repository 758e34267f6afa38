#include "services/store/config.h"

#include "base/status.h"
#include "runtime/instances.h"
#include "runtime/service_config.h"

namespace kawat::store {

absl::StatusOr<Config> ParseConfig(const base::Toml& toml) {
  KAWAT_ASSIGN_OR_RETURN(Config config,
                         runtime::ParseServiceConfig<Config>(toml, "store", [](base::Section& section, Config& read) {
                           section.Read("token_file", read.token_file);
                           runtime::ReadInstances(section, read);
                         }));
  KAWAT_RETURN_IF_ERROR(runtime::CheckPeers(toml.At("store"), config.instances, config.peers));
  if (config.instances > 1 && config.peers.empty()) {
    return toml.At("store").Wrong("peers", "must name all instances: each answers for all by asking the others");
  }
  return config;
}

}  // namespace kawat::store
