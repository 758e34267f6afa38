// kawat shard: its commands are files of their own.
#include "cli/command.h"

namespace kawat::cli {

void AddShard(CLI::App& app, Chosen& chosen) {
  CLI::App* shard = app.add_subcommand("shard", "The shards of a data folder: look, check, back up, restore, rebuild");
  shard->footer(
      "Examples:\n  kawat shard list --data data\n  kawat shard backup all --to monday\n"
      "  kawat shard verify store/7 --fingerprint\n  kawat shard rebuild dedupe/0 --config kawat.toml");
  shard->require_subcommand(1);
  AddShardList(*shard, chosen);
  AddShardVerify(*shard, chosen);
  AddShardBackup(*shard, chosen);
  AddShardRestore(*shard, chosen);
  AddShardRebuild(*shard, chosen);
  AddShardAcceptLog(*shard, chosen);
}

}  // namespace kawat::cli
