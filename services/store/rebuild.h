// A shard of the store, made anew from the log.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "absl/status/statusor.h"
#include "bus/bus.h"

namespace kawat::store {

struct Rebuilt {
  std::int64_t records = 0;  // applied
  std::int64_t next = 0;     // offset in kawat.articles/N up to which the shard has come
};

// Applies kawat.articles/`shard` and kawat.sources, from where the shard in `folder` stands to their ends as they are
// now, and indexes it: what the service would do. Killed in the middle it leaves a shard that is behind, no more; the
// service, or another call, goes on. `progress` is told of records done and all, often. Errors: of the bus, of the
// folder (in use, not writable), of the disk.
absl::StatusOr<Rebuilt> Rebuild(bus::Bus& bus, const std::filesystem::path& folder, std::int32_t shard,
                                const std::function<void(std::int64_t done, std::int64_t all)>& progress);

}  // namespace kawat::store
