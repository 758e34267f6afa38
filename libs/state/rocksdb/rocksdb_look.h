// A look at a shard's folder that changes nothing in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "state/store.h"

namespace kawat::state {

// Threads: any.
class Look : public Reader {
 public:
  virtual std::uint64_t EstimatedKeys() const = 0;

  // Reads every block of every table. DataLoss: one is not as it was written; names the file.
  virtual absl::Status VerifyChecksums() const = 0;
};

// May be had while a process has the folder open; then it is that moment's state, and what is read long after may be
// gone. FailedPrecondition: no such folder, or files are damaged or missing.
absl::StatusOr<std::unique_ptr<Look>> OpenRocksDbForLook(const std::filesystem::path& path);

// The id of the process that has the folder open; nullopt: none. Not for a folder that this process has open.
std::optional<int> HolderOf(const std::filesystem::path& path);

}  // namespace kawat::state
