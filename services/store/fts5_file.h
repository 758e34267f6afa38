// A shard's index file as a file: its copy for a backup, and whether it is whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace kawat::store {

inline constexpr std::string_view kIndexFile = "index.sqlite";  // in the shard's folder

// Copies the index as it is at one moment, by SQLite's own means, while it is being written and searched. One file,
// which needs nothing beside it. `to` must not exist.
absl::Status CopyIndex(const std::filesystem::path& from, const std::filesystem::path& to);

// Reads all of it: pages and tables (PRAGMA integrity_check), and the postings (FTS5's own check). The last sequence
// number. DataLoss: damaged. Nobody may have it open; it is not changed.
absl::StatusOr<std::int64_t> CheckIndex(const std::filesystem::path& path);

}  // namespace kawat::store
