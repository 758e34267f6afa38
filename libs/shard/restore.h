// A backup back in its place: on the machine it is of, or on another one.
#pragma once

#include <filesystem>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shard/manifest.h"
#include "shard/shard.h"

namespace kawat::shard {

// The folder of a shard's backup: `from`/SERVICE/NN, or `from` itself. NotFound: neither has a backup.json.
absl::StatusOr<std::filesystem::path> FindBackup(const std::filesystem::path& from, const Name& name);

absl::StatusOr<Manifest> ReadManifest(const std::filesystem::path& backup);

struct Restored {
  Manifest manifest;
  std::filesystem::path replaced;  // where what stood there is now; empty: nothing did
};

// Copies the backup's files to where the shard belongs in `data`, checking each. Nothing is changed before all of them
// are there and on the disk. `replace`: what is there is renamed, never deleted.
//   FailedPrecondition  a process has the shard open; it is not empty, and `replace` is false; or the backup is another
//                       shard's
//   DataLoss            a file of the backup is missing or damaged       ResourceExhausted  the disk has too little
//   room
absl::StatusOr<Restored> Restore(const std::filesystem::path& from, const Name& name, const std::filesystem::path& data,
                                 bool replace);

}  // namespace kawat::shard
