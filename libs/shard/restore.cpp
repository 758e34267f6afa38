#include "shard/restore.h"

#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/files.h"
#include "base/status.h"
#include "shard/files.h"
#include "state/rocksdb/rocksdb_look.h"

namespace kawat::shard {
namespace fs = std::filesystem;
namespace {

absl::Status CheckIsFree(const Name& name, const fs::path& folder) {
  if (const std::optional<int> holder = state::HolderOf(folder); holder.has_value()) {
    return absl::FailedPreconditionError(
        absl::StrCat(name.Text(), " is in use by process ", *holder, "; stop it first; nothing was changed"));
  }
  return absl::OkStatus();
}

bool IsEmpty(const fs::path& folder) {
  std::error_code code;
  return !fs::exists(folder, code) || fs::is_empty(folder, code);
}

}  // namespace

absl::StatusOr<fs::path> FindBackup(const fs::path& from, const Name& name) {
  for (const fs::path& folder : {name.FolderIn(from), from}) {
    std::error_code code;
    if (fs::exists(folder / kManifestName, code)) {
      return folder;
    }
  }
  return absl::NotFoundError(absl::StrCat(from.string(), " has no backup of ", name.Text(), ": neither ",
                                          name.FolderIn(from).string(), " nor it has a ", std::string(kManifestName)));
}

absl::StatusOr<Manifest> ReadManifest(const fs::path& backup) {
  const fs::path path = backup / kManifestName;
  KAWAT_ASSIGN_OR_RETURN(const std::string text, base::ReadFile(path, kMaxManifestBytes));
  absl::StatusOr<Manifest> manifest = ParseManifest(text);
  KAWAT_RETURN_IF_ERROR(base::Annotate(manifest.status(), path.string()));
  return manifest;
}

absl::StatusOr<Restored> Restore(const fs::path& from, const Name& name, const fs::path& data, bool replace) {
  KAWAT_ASSIGN_OR_RETURN(const fs::path backup, FindBackup(from, name));
  Restored restored;
  KAWAT_ASSIGN_OR_RETURN(restored.manifest, ReadManifest(backup));
  if (restored.manifest.shard != name) {
    return absl::FailedPreconditionError(absl::StrCat(backup.string(), " is a backup of ",
                                                      restored.manifest.shard.Text(), ", not of ", name.Text(),
                                                      ": a shard's records are its own"));
  }
  const fs::path folder = name.FolderIn(data);
  KAWAT_RETURN_IF_ERROR(CheckIsFree(name, folder));
  const bool empty = IsEmpty(folder);
  if (!empty && !replace) {
    return absl::FailedPreconditionError(
        absl::StrCat(folder.string(), " is not empty; with --yes it is renamed and the backup put in its place"));
  }
  std::error_code code;
  fs::create_directories(folder.parent_path(), code);
  KAWAT_RETURN_IF_ERROR(CheckRoom(folder.parent_path(), restored.manifest.Bytes()));
  const fs::path making = folder.string() + ".restoring";
  KAWAT_RETURN_IF_ERROR(RemoveAll(making));
  fs::create_directory(making, code);
  if (code) {
    return absl::ErrnoToStatus(code.value(), absl::StrCat("cannot make ", making.string()));
  }
  if (const absl::Status copied = CopyChecked(backup, restored.manifest.files, making); !copied.ok()) {
    RemoveAll(making).IgnoreError();
    return copied;
  }
  KAWAT_RETURN_IF_ERROR(CheckIsFree(name, folder));
  if (!empty) {
    restored.replaced = absl::StrCat(folder.string(), ".replaced-",
                                     absl::FormatTime("%Y%m%dT%H%M%E3SZ", absl::Now(), absl::UTCTimeZone()));
    KAWAT_RETURN_IF_ERROR(Rename(folder, restored.replaced));
  }
  KAWAT_RETURN_IF_ERROR(Rename(making, folder));
  return restored;
}

}  // namespace kawat::shard
