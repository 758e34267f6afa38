// backup.json, beside the files of a shard's backup: what they are, and how each must be. It may have been changed on
// its way, so reading it has limits, and no name in it leads out of the folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "shard/shard.h"

namespace kawat::shard {

inline constexpr std::string_view kManifestName = "backup.json";
inline constexpr std::size_t kMaxManifestBytes = 16 << 20;
inline constexpr std::size_t kMaxFiles = 100'000;

struct File {
  std::string name;  // letters, digits, '.', '-' and '_', no '.' first
  std::uint64_t bytes = 0;
  std::string sha256;  // 64 hex digits

  bool operator==(const File&) const = default;
};

struct Manifest {
  Name shard;
  std::string kawat;  // the version that wrote it
  absl::Time made;
  Summary summary;
  std::vector<File> files;

  std::uint64_t Bytes() const;
};

std::string Encode(const Manifest& manifest);

// InvalidArgument says what is wrong; FailedPrecondition: it is of a newer format.
absl::StatusOr<Manifest> ParseManifest(std::string_view text);

}  // namespace kawat::shard
