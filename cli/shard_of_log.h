// A shard together with the log that it reads: for commands that work on a shard whose process does not run.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bus/bus.h"

namespace kawat::cli {

struct ShardOfLogOptions {
  std::string shard;
  std::string config;
  std::string data;
  std::string kafka;
  bool yes = false;
  bool json = false;
};

void AddShardOfLogFlags(CLI::App& command, ShardOfLogOptions& options, const char* yes);

struct ShardOfLog {
  std::string service;  // "store"
  int number = 0;
  std::string owner;  // "store/7"
  std::filesystem::path folder;
  std::unique_ptr<bus::Bus> bus;
};

// Opens the log. InvalidArgument: no such shard. FailedPrecondition: kawat runs and has the embedded log.
absl::StatusOr<ShardOfLog> OpenShardOfLog(const ShardOfLogOptions& options);

// Whether there is anything in the shard's folder.
bool HasFiles(const std::filesystem::path& folder);

// Renames the folder to "NN.replaced-TIME" and returns that.
absl::StatusOr<std::filesystem::path> SetAside(const std::filesystem::path& folder);

}  // namespace kawat::cli
