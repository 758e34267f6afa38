// The log of a single process: durable, in one RocksDB folder. Acknowledged means synced to disk; records that wait at
// the same time are synced together.
//
//   catalog   what the log holds now, in memory; where pollers and producers wait
//   format    keys and values on disk
//   storage   the folder: append, read, commit
//   trim      what retention and compaction delete; never what a registered group has not read
//   writer    one thread that stores what all producers queue
//   clients   Producer and Consumer
//
// A group is registered on a partition by its first commit there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "bus/bus.h"

namespace kawat::bus {

struct EmbeddedOptions {
  std::size_t block_cache_bytes = 32 << 20;
  std::size_t write_buffer_bytes = 16 << 20;
  absl::Duration lock_wait = absl::Seconds(5);  // for a predecessor that is still stopping
  std::uintmax_t disk_reserve_bytes =
      256 << 20;  // appends fail before the disk is full: at this or at a tenth of it, if less
  absl::Duration trim_interval = absl::Minutes(1);
  absl::Duration linger = absl::Milliseconds(5);  // how long records wait for others when nobody flushes
};

// Opens the log in `path`, and makes it if there is none. `clock` stamps the append times and must outlive the bus.
// Errors: FailedPrecondition when the folder cannot be written or is in use, ResourceExhausted when the disk is full,
// DataLoss when files are damaged; each says what to do.
absl::StatusOr<std::unique_ptr<Bus>> OpenEmbedded(const std::filesystem::path& path, base::Clock& clock,
                                                  const EmbeddedOptions& options = {});

}  // namespace kawat::bus
