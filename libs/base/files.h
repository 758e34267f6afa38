// Whole files, read and written at once.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace kawat::base {

// The whole file, or an error: NotFound, PermissionDenied; InvalidArgument for a folder; ResourceExhausted when longer
// than `limit_bytes`; what else the system says, a disk that fails among it. The message names the path.
absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path, std::size_t limit_bytes);

// Writes beside `path` and renames into place, so that a reader sees the old content or the whole new one.
absl::Status WriteFileAtomically(const std::filesystem::path& path, std::string_view content);

// Makes the folder and its parents and proves that a file can be written into it.
// Errors, each naming the path and what to do:
//   FailedPrecondition  it cannot be written: a restart does not mend it (exit 78)
//   ResourceExhausted   the disk or the user's quota is full: a later start may find room (exit 1)
absl::Status MakeWritableFolder(const std::filesystem::path& path);

}  // namespace kawat::base
