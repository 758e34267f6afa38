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

#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "bus/bus.h"

namespace kawat::bus {

// Opens the log in `path`, and makes it if there is none. `clock` stamps the append times and must outlive the bus.
// `lock_wait`: for a predecessor that is still stopping. Appends fail before the disk is full: when 256 MiB are left,
// or a tenth of it, if that is less. Errors: FailedPrecondition when the folder cannot be written, is in use or holds
// damaged files, ResourceExhausted when the disk is full, DataLoss when records are damaged; each says what to do.
absl::StatusOr<std::unique_ptr<Bus>> OpenEmbedded(const std::filesystem::path& path, base::Clock& clock,
                                                  absl::Duration lock_wait = absl::Seconds(5));

}  // namespace kawat::bus
