#include "runtime/instances.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "web/address.h"

namespace kawat::runtime {

absl::Status CheckPeers(const base::Section& section, int instances, const std::vector<std::string>& peers) {
  if (!peers.empty() && peers.size() != static_cast<std::size_t>(instances)) {
    return section.Wrong("peers", absl::StrCat("must have an address for each of the ", instances,
                                               " instances, its own as well, not ", peers.size()));
  }
  for (const std::string& peer : peers) {
    const auto parsed = web::ParseAddress(peer);
    if (!parsed.ok() || parsed->first.empty() || parsed->second == 0) {
      return section.Wrong("peers", absl::StrCat("must be addresses such as host:7700, not \"", peer, "\""));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckShards(std::string_view service, const std::filesystem::path& folder, int instance, int instances,
                         int shards) {
  const std::string name(service);
  if (instances > shards) {
    return absl::InvalidArgumentError(absl::StrCat(name, ".instances is ", instances, ", but there are only ", shards,
                                                   " shards: each instance needs one at least"));
  }
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    int shard = 0;
    if (!entry->is_directory(error) || !absl::SimpleAtoi(entry->path().filename().string(), &shard)) {
      continue;
    }
    if (shard >= shards || shard % instances != instance) {
      return absl::FailedPreconditionError(absl::StrCat(
          entry->path().string(), " is a shard of another instance than ", instance, " of ", instances, ": ", name,
          ".instances or ", name,
          ".instance (in Kubernetes: the number of replicas) was another when it was made, and shards cannot be moved "
          "between instances yet; go back to that, or begin with an empty data folder for every instance"));
    }
  }
  return absl::OkStatus();
}

}  // namespace kawat::runtime
