// A shard's state in one RocksDB folder, which can be copied, moved and restored as a whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "state/store.h"

namespace kawat::state {

struct RocksDbOptions {
  int format = 1;  // of what the owner keeps in it; raised when it changes in a way that an older owner misreads
  std::size_t block_cache_bytes = 16 << 20;
  std::size_t write_buffer_bytes = 8 << 20;     // twice this at most
  absl::Duration lock_wait = absl::Seconds(5);  // for a predecessor that is still stopping
  std::uintmax_t disk_reserve_bytes =
      256 << 20;     // Commit fails before the disk is full: at this or at a tenth of it, if less
  bool sync = true;  // false: Commit does not wait for the disk. Benchmarks only, to know what that costs
};

// Errors: FailedPrecondition when the folder cannot be written, is in use, is of a newer format, or holds damaged
// files, which are left alone; ResourceExhausted when the disk is full; each says what to do.
absl::StatusOr<std::unique_ptr<Store>> OpenRocksDb(const std::filesystem::path& path,
                                                   const RocksDbOptions& options = {});

// A copy of a store of OpenRocksDb as it is at one moment between two commits; they go on meanwhile. Files that change
// no more are linked if `folder` is on the same disk. `folder` must not exist, its parent must. Any thread.
absl::Status Checkpoint(const Store& store, const std::filesystem::path& folder);

}  // namespace kawat::state
