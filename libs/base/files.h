// Whole files, read and written at once.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace kawat::base {

// Errors: NotFound, PermissionDenied; ResourceExhausted when longer than `limit_bytes`. The message names the path.
absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path, std::size_t limit_bytes);

// Writes beside `path` and renames into place, so that a reader sees the old content or the whole new one.
absl::Status WriteFileAtomically(const std::filesystem::path& path, std::string_view content);

// Makes the folder and its parents and proves that a file can be written into it.
// Errors: FailedPrecondition, naming the path and what to do (a restart does not mend it: exit 78).
absl::Status MakeWritableFolder(const std::filesystem::path& path);

}  // namespace kawat::base
