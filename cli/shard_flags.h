// What the commands of `kawat shard` have in common: which data folder, which shards.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shard/shard.h"

namespace kawat::cli {

struct ShardFlags {
  std::string config;
  std::string data;
};

void AddShardFlags(CLI::App& command, ShardFlags& flags);

// --data, else `data` of the file, else "data".
absl::StatusOr<std::filesystem::path> DataFolderOf(const ShardFlags& flags);

// "all", or one. NotFound: there is none, or it has no folder.
absl::StatusOr<std::vector<shard::Name>> SelectShards(const std::filesystem::path& data, const std::string& which);

// "kawat.articles/0 next 4711, log epoch 1, last record 2026-11-24T17:18:01Z"
std::string PositionText(const shard::Position& position);

}  // namespace kawat::cli
