// Files of a shard, in one folder without others below it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shard/manifest.h"

namespace kawat::shard {

// Whether nobody waits any more; may be empty. Asked once a MiB.
using Cancelled = std::function<bool()>;

// All files with sizes and hashes, by name, each synced to the disk. Cancelled.
absl::StatusOr<std::vector<File>> ListAndSync(const std::filesystem::path& folder, const Cancelled& cancelled);

// DataLoss names the first file that is missing, or another than `files` says; what else lies there is of no interest.
absl::Status CheckFiles(const std::filesystem::path& folder, const std::vector<File>& files);

// The same, while it copies them to `target`, an empty folder; synced.
absl::Status CopyChecked(const std::filesystem::path& folder, const std::vector<File>& files,
                         const std::filesystem::path& target);

absl::Status SyncFolder(const std::filesystem::path& folder);
absl::Status RemoveAll(const std::filesystem::path& folder);
absl::Status Rename(const std::filesystem::path& from, const std::filesystem::path& to);  // and syncs the parent

// Bytes of the files of a folder, those in use as well.
std::uint64_t SizeOf(const std::filesystem::path& folder);

// ResourceExhausted: the disk of `folder` has less than `bytes` and 256 MiB (or a tenth of it, if that is less) free.
absl::Status CheckRoom(const std::filesystem::path& folder, std::uint64_t bytes);

}  // namespace kawat::shard
