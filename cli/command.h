// What each command of `kawat` is made of: a function that adds its flags and what it does to the CLI11 application.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "absl/status/status.h"

namespace kawat::cli {

// Set by the command that was chosen; main runs it after all flags are parsed.
struct Chosen {
  std::function<absl::Status()> run;        // an error is one line on stderr
  std::function<int()> run_with_exit_code;  // instead of `run`, for commands with exit codes of their own
};

void AddUp(CLI::App& app, Chosen& chosen);
void AddDemo(CLI::App& app, Chosen& chosen);
void AddSources(CLI::App& app, Chosen& chosen);
void AddSearch(CLI::App& app, Chosen& chosen);
void AddGet(CLI::App& app, Chosen& chosen);
void AddStats(CLI::App& app, Chosen& chosen);
void AddUrl(CLI::App& app, Chosen& chosen);
void AddParse(CLI::App& app, Chosen& chosen);
void AddTop(CLI::App& app, Chosen& chosen);
void AddTopics(CLI::App& app, Chosen& chosen);
void AddDeadLetters(CLI::App& app, Chosen& chosen);
void AddConfig(CLI::App& app, Chosen& chosen);
void AddShard(CLI::App& app, Chosen& chosen);
void AddNewsroom(CLI::App& app, Chosen& chosen);

// Of `kawat shard`.
void AddShardList(CLI::App& shard, Chosen& chosen);
void AddShardVerify(CLI::App& shard, Chosen& chosen);
void AddShardBackup(CLI::App& shard, Chosen& chosen);
void AddShardRestore(CLI::App& shard, Chosen& chosen);
void AddShardRebuild(CLI::App& shard, Chosen& chosen);
void AddShardAcceptLog(CLI::App& shard, Chosen& chosen);

}  // namespace kawat::cli
