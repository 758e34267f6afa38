// Backups of the shards that this process has open, while they go on:
//
//   data/backups/NAME/store/07/   a shard's folder as it was at one moment, and backup.json (manifest.h)
//
// A backup comes into being under another name and is renamed when all of it is on the disk. Tables that do not change
// any more are hard links to the shard's own, if both are on one disk: against a broken disk it must be copied
// elsewhere.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shard/files.h"
#include "shard/manifest.h"
#include "shard/shard.h"
#include "state/store.h"

namespace kawat::shard {

// An open shard.
struct Source {
  Name name;
  const state::Store* store = nullptr;  // of state::OpenRocksDb

  // Writes what lies beside the state (a search index) into a folder. It is called before the state is copied, so that
  // it is behind the state, never ahead of it. May be empty.
  std::function<absl::Status(const std::filesystem::path& folder)> copy_beside;
};

struct Backup {
  std::filesystem::path folder;
  Manifest manifest;
};

// Threads: Add before any Make; Make from any.
class Backups {
 public:
  explicit Backups(std::filesystem::path data) : data_(std::move(data)) {}

  void Add(Source source);

  // `name`: of the backup, under which several shards may come; 1 to 64 letters, digits, '.', '-' and '_'. It comes
  // from outside.
  //   InvalidArgument     it is no name
  //   NotFound            the shard is not open here       AlreadyExists  the backup is there already; it is left alone
  //   ResourceExhausted   the disk has too little room     Aborted        another backup is being made
  absl::StatusOr<Backup> Make(std::string_view shard, std::string_view name, const Cancelled& cancelled = {});

 private:
  const std::filesystem::path data_;
  std::map<Name, Source> sources_;
  std::mutex mutex_;  // held while one is made
};

// The folder of all backups of that name. InvalidArgument as above.
absl::StatusOr<std::filesystem::path> BackupFolder(const std::filesystem::path& data, std::string_view name);

}  // namespace kawat::shard
