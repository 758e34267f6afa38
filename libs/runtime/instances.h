// A service of several processes, each with its part of the shards: instance i of n has the shards p with p mod n = i.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "base/config.h"

namespace kawat::runtime {

// A store that is asked asks all others at once, on a thread each.
inline constexpr int kMaxInstances = 64;

// `Config` has the members `instance`, `instances` and `peers`, named as the keys.
template <class Config>
void ReadInstances(base::Section& section, Config& config) {
  section.Read("instances", config.instances, {.min = 1, .max = kMaxInstances});
  section.Read("instance", config.instance, {.min = 0, .max = config.instances - 1});
  section.Read("peers", config.peers);
}

// InvalidArgument: neither empty nor an address that can be called for each instance.
absl::Status CheckPeers(const base::Section& section, int instances, const std::vector<std::string>& peers);

// Before shards are opened. `folder`: of the service, with a folder NN a shard. InvalidArgument: more instances than
// shards. FailedPrecondition: a folder is of a shard that is another instance's; says what to do.
absl::Status CheckShards(std::string_view service, const std::filesystem::path& folder, int instance, int instances,
                         int shards);

}  // namespace kawat::runtime
