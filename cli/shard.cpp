// kawat shard: its commands are files of their own.
#include "cli/command.h"

namespace kawat::cli {

void AddShard(CLI::App& app, Chosen& chosen) {
  CLI::App* shard = app.add_subcommand("shard", "The shards of a data folder");
  shard->footer("Examples:\n  kawat shard rebuild dedupe/0 --config kawat.toml\n  kawat shard accept-log store/7");
  shard->require_subcommand(1);
  AddShardRebuild(*shard, chosen);
  AddShardAcceptLog(*shard, chosen);
}

}  // namespace kawat::cli
