// A shard by its name, "store/07", which is also its folder below the data folder, and what its state says of itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/cursor.h"
#include "state/store.h"

namespace kawat::shard {

struct Name {
  std::string service;  // "fetch", "dedupe", "store": those that keep a state
  int number = 0;

  std::string Text() const;  // "store/07"
  std::filesystem::path FolderIn(const std::filesystem::path& data) const { return data / Text(); }

  auto operator<=>(const Name&) const = default;
};

// InvalidArgument: not "SERVICE/NN".
absl::StatusOr<Name> ParseName(std::string_view text);

// The shards that have a folder below `data`, which may be a backup's; in order.
std::vector<Name> FindShards(const std::filesystem::path& data);

// How far an input partition was read.
struct Position {
  std::string topic;
  int partition = 0;
  pipeline::Cursor cursor;
};

struct Summary {
  std::string owner;  // "store/7"; empty: it has none yet
  std::vector<Position> positions;
};

// DataLoss: an offset does not decode.
absl::StatusOr<Summary> Summarize(const state::Reader& state);

}  // namespace kawat::shard
