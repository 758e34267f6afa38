// kawat shard accept-log.
#include <boost/json.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "cli/command.h"
#include "cli/shard_of_log.h"
#include "cli/terminal.h"
#include "pipeline/accept_log.h"
#include "pipeline/stage_runner.h"
#include "state/rocksdb/rocksdb_store.h"

namespace kawat::cli {
namespace {

std::string ToText(const std::string& owner, const pipeline::AcceptedInput& input) {
  const std::string place = absl::StrCat(owner, " in ", input.input.topic, "/", input.input.partition);
  if (!input.changes()) {
    return absl::StrCat(place, ": the log agrees at ", input.before.next, "; nothing to do\n");
  }
  return absl::StrCat(place, ": ", input.contradiction, ".\n  It goes on at ", input.after.next, ", log epoch ",
                      input.after.log_epoch, " instead of ", input.before.log_epoch, "; ", input.consequence, ".\n");
}

boost::json::object ToJson(const pipeline::AcceptedInput& input) {
  return {{"topic", input.input.topic},
          {"partition", input.input.partition},
          {"contradiction", input.contradiction},
          {"consequence", input.consequence},
          {"before", {{"next", input.before.next}, {"log_epoch", input.before.log_epoch}}},
          {"after", {{"next", input.after.next}, {"log_epoch", input.after.log_epoch}}}};
}

void Tell(const ShardOfLog& shard, const std::vector<pipeline::AcceptedInput>& plan, bool done, bool json) {
  boost::json::array inputs;
  bool changes = false;
  for (const pipeline::AcceptedInput& input : plan) {
    changes = changes || input.changes();
    if (json) {
      inputs.push_back(ToJson(input));
    } else {
      Print(ToText(shard.owner, input));
    }
  }
  if (json) {
    std::cout << boost::json::serialize(
                     boost::json::object{{"shard", shard.owner}, {"done", done}, {"inputs", std::move(inputs)}})
              << "\n";
  } else if (changes) {
    Print(done ? "Done: start its process now.\n" : "Nothing was changed: this is the plan. --yes does it.\n");
  }
}

absl::Status Accept(const ShardOfLogOptions& options) {
  KAWAT_ASSIGN_OR_RETURN(const ShardOfLog shard, OpenShardOfLog(options));
  if (!HasFiles(shard.folder)) {
    return absl::NotFoundError(absl::StrCat("there is no ", shard.folder.string(),
                                            "; `kawat shard rebuild` makes a lost shard anew from the log"));
  }
  KAWAT_ASSIGN_OR_RETURN(const std::unique_ptr<state::Store> store, state::OpenRocksDb(shard.folder));
  KAWAT_ASSIGN_OR_RETURN(const auto consumer, shard.bus->NewConsumer(pipeline::GroupOf(shard.service)));
  KAWAT_ASSIGN_OR_RETURN(const std::vector<pipeline::AcceptedInput> plan,
                         pipeline::PlanAcceptLog(shard.owner, *store, *consumer));
  if (options.yes) {
    KAWAT_RETURN_IF_ERROR(pipeline::AcceptLog(plan, *store));
  }
  Tell(shard, plan, options.yes, options.json);
  return absl::OkStatus();
}

}  // namespace

void AddShardAcceptLog(CLI::App& shard, Chosen& chosen) {
  CLI::App* command =
      shard.add_subcommand("accept-log", "Go on where the log contradicts what a shard has read, and say what is lost");
  command->footer(
      "kawat, or the shard's process, must not run meanwhile. Without --yes it only says what it would do.\n"
      "Examples:\n"
      "  kawat shard accept-log dedupe/0 --config kawat.toml\n"
      "  kawat shard accept-log store/7 --kafka 127.0.0.1:9092 --yes");
  auto options = std::make_shared<ShardOfLogOptions>();
  AddShardOfLogFlags(*command, *options, "Do it");
  command->callback([options, &chosen] { chosen.run = [options] { return Accept(*options); }; });
}

}  // namespace kawat::cli
