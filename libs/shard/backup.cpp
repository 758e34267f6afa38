#include "shard/backup.h"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/files.h"
#include "base/status.h"
#include "base/version.h"
#include "state/rocksdb/rocksdb_look.h"
#include "state/rocksdb/rocksdb_store.h"

namespace kawat::shard {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxNameBytes = 64;

bool OnOneDisk(const fs::path& a, const fs::path& b) {
  struct stat one = {};
  struct stat other = {};
  return ::stat(a.c_str(), &one) == 0 && ::stat(b.c_str(), &other) == 0 && one.st_dev == other.st_dev;
}

// What is copied; tables are linked.
std::uint64_t BytesToCopy(const fs::path& shard, const fs::path& target) {
  if (!OnOneDisk(shard, target)) {
    return SizeOf(shard);
  }
  std::uint64_t bytes = 0;
  std::error_code code;
  for (fs::directory_iterator it(shard, code), end; !code && it != end; it.increment(code)) {
    std::error_code gone;
    if (const std::uintmax_t size = it->file_size(gone); !gone && it->path().extension() != ".sst") {
      bytes += size;
    }
  }
  return bytes;
}

absl::Status MakeFolder(const fs::path& folder) {
  std::error_code code;
  fs::create_directories(folder, code);
  return code ? absl::ErrnoToStatus(code.value(), absl::StrCat("cannot make ", folder.string())) : absl::OkStatus();
}

// The state and what lies beside it, in `making`.
absl::Status CopyTo(const Source& source, const fs::path& making) {
  const fs::path beside = making.string() + ".beside";
  KAWAT_RETURN_IF_ERROR(RemoveAll(making));  // of a process that was killed at it
  KAWAT_RETURN_IF_ERROR(RemoveAll(making.string() + ".tmp"));
  KAWAT_RETURN_IF_ERROR(RemoveAll(beside));
  KAWAT_RETURN_IF_ERROR(MakeFolder(beside));
  if (source.copy_beside) {
    KAWAT_RETURN_IF_ERROR(source.copy_beside(beside));
  }
  KAWAT_RETURN_IF_ERROR(state::Checkpoint(*source.store, making));
  std::error_code code;
  for (fs::directory_iterator it(beside, code), end; !code && it != end; it.increment(code)) {
    KAWAT_RETURN_IF_ERROR(Rename(it->path(), making / it->path().filename()));
  }
  return RemoveAll(beside);
}

absl::StatusOr<Manifest> Describe(const Name& name, const fs::path& folder, const Cancelled& cancelled) {
  Manifest manifest{.shard = name, .kawat = std::string(base::kVersion), .made = absl::Now()};
  KAWAT_ASSIGN_OR_RETURN(manifest.files, ListAndSync(folder, cancelled));
  // Its own offsets: the shard has gone on since. And it can be opened.
  KAWAT_ASSIGN_OR_RETURN(const std::unique_ptr<state::Look> copy, state::OpenRocksDbForLook(folder));
  KAWAT_ASSIGN_OR_RETURN(manifest.summary, Summarize(*copy));
  return manifest;
}

}  // namespace

absl::StatusOr<fs::path> BackupFolder(const fs::path& data, std::string_view name) {
  const bool fits = !name.empty() && name.size() <= kMaxNameBytes && name.front() != '.' &&
                    std::all_of(name.begin(), name.end(), [](char c) {
                      return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_';
                    });
  if (!fits) {
    return absl::InvalidArgumentError(
        "a backup's name has 1 to 64 letters, digits, '.', '-' and '_', and no '.' first: it becomes a folder below "
        "`backups` in the data folder");
  }
  return data / "backups" / std::string(name);
}

void Backups::Add(Source source) {
  Name name = source.name;
  sources_.emplace(std::move(name), std::move(source));
}

absl::StatusOr<Backup> Backups::Make(std::string_view shard, std::string_view name, const Cancelled& cancelled) {
  KAWAT_ASSIGN_OR_RETURN(const fs::path backup, BackupFolder(data_, name));
  KAWAT_ASSIGN_OR_RETURN(const Name of, ParseName(shard));
  const auto source = sources_.find(of);
  if (source == sources_.end()) {
    return absl::NotFoundError(absl::StrCat("the shard ", of.Text(), " is not open here"));
  }
  const std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) {
    return absl::AbortedError("another backup is being made; wait for it, then do it again");
  }
  Backup made{.folder = of.FolderIn(backup)};
  std::error_code code;
  if (fs::exists(made.folder, code)) {
    return absl::AlreadyExistsError(
        absl::StrCat(made.folder.string(), " is a backup already and is left alone; give another name"));
  }
  KAWAT_RETURN_IF_ERROR(MakeFolder(made.folder.parent_path()));
  KAWAT_RETURN_IF_ERROR(
      CheckRoom(made.folder.parent_path(), BytesToCopy(of.FolderIn(data_), made.folder.parent_path())));
  const fs::path making = made.folder.string() + ".making";
  const absl::Status written = [&]() -> absl::Status {
    KAWAT_RETURN_IF_ERROR(CopyTo(source->second, making));
    KAWAT_ASSIGN_OR_RETURN(made.manifest, Describe(of, making, cancelled));
    KAWAT_RETURN_IF_ERROR(base::WriteFileAtomically(making / kManifestName, Encode(made.manifest)));
    KAWAT_RETURN_IF_ERROR(SyncFolder(making));
    return Rename(making, made.folder);
  }();
  if (!written.ok()) {
    RemoveAll(making).IgnoreError();
    RemoveAll(making.string() + ".beside").IgnoreError();
    return written;
  }
  for (const fs::path& parent : {backup, backup.parent_path(), data_}) {
    KAWAT_RETURN_IF_ERROR(SyncFolder(parent));
  }
  return made;
}

}  // namespace kawat::shard
