// kawat shard rebuild.
#include <boost/json.hpp>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/files.h"
#include "base/status.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/shard_of_log.h"
#include "cli/terminal.h"
#include "services/dedupe/adoption.h"
#include "services/dedupe/stage.h"
#include "services/store/rebuild.h"
#include "state/rocksdb/rocksdb_store.h"

namespace kawat::cli {
namespace {

// Whether the shard holds a state that a rebuild would replace. Opens it, and so finds out whether its process runs.
absl::StatusOr<bool> HoldsState(const ShardOfLog& shard) {
  if (!HasFiles(shard.folder)) {
    return false;
  }
  const absl::StatusOr<std::unique_ptr<state::Store>> store = state::OpenRocksDb(shard.folder);
  if (!store.ok()) {
    return base::Annotate(store.status(), absl::StrCat(shard.owner, " cannot be looked at, so it was left alone"));
  }
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> adopting, (*store)->Get(dedupe::kAdoptingKey));
  bool holds = false;
  KAWAT_RETURN_IF_ERROR((*store)->Scan("", "", [&holds](std::string_view, std::string_view) {
    holds = true;
    return false;
  }));
  return holds && !adopting.has_value();
}

// Empties the shard's place; returns where its folder went, if it went.
absl::StatusOr<std::string> MakeRoom(const ShardOfLog& shard, bool yes) {
  KAWAT_ASSIGN_OR_RETURN(const bool holds, HoldsState(shard));
  if (!holds) {
    return "";
  }
  if (!yes) {
    return absl::FailedPreconditionError(
        absl::StrCat(shard.folder.string(),
                     " holds a state. With --yes it is renamed, not deleted, and the shard is made "
                     "anew beside it"));
  }
  KAWAT_ASSIGN_OR_RETURN(const std::filesystem::path to, SetAside(shard.folder));
  return to.string();
}

absl::Status RebuildDedupe(const ShardOfLog& shard, boost::json::object& summary) {
  KAWAT_RETURN_IF_ERROR(base::MakeWritableFolder(shard.folder));
  KAWAT_ASSIGN_OR_RETURN(const std::unique_ptr<state::Store> store, state::OpenRocksDb(shard.folder));
  Progress bar(shard.owner);
  std::int64_t records = 0;
  KAWAT_ASSIGN_OR_RETURN(const dedupe::Adoption adoption,
                         dedupe::Adopt(*shard.bus, *store, {}, [&](const dedupe::AdoptionProgress& progress) {
                           records = progress.done;
                           bar.Update(progress.done, progress.all);
                         }));
  summary["records"] = records;
  summary["next"] = adoption.next;
  summary["log_epoch"] = adoption.log_epoch;
  summary["articles"] = adoption.articles;
  summary["undecided"] = adoption.undecided;
  summary["malformed"] = adoption.malformed;
  return absl::OkStatus();
}

absl::Status RebuildStore(const ShardOfLog& shard, boost::json::object& summary) {
  Progress bar(shard.owner);
  KAWAT_ASSIGN_OR_RETURN(const store::Rebuilt rebuilt,
                         store::Rebuild(*shard.bus, shard.folder, shard.number,
                                        [&bar](std::int64_t done, std::int64_t all) { bar.Update(done, all); }));
  summary["records"] = rebuilt.records;
  summary["next"] = rebuilt.next;
  return absl::OkStatus();
}

void Tell(const ShardOfLog& shard, const boost::json::object& summary) {
  const auto number = [&summary](const char* key) { return boost::json::serialize(summary.at(key)); };
  std::string text = absl::StrCat(shard.owner, " is rebuilt from ", number("records"), " records");
  if (shard.service == "dedupe") {
    absl::StrAppend(&text, ": ", number("articles"), " articles; it goes on at offset ", number("next"),
                    " of kawat.parsed, and decides ", number("undecided"), " facts again");
  }
  if (const auto* aside = summary.if_contains("set_aside")) {
    absl::StrAppend(&text, ". What was there is now ", std::string(aside->as_string()), "; delete it when all is well");
  }
  Print(absl::StrCat(text, "\n"));
}

absl::Status Rebuild(const ShardOfLogOptions& options) {
  if (options.shard.starts_with("fetch/")) {
    return absl::FailedPreconditionError(
        "frontiers are not rebuilt from the log: restore a backup of the folder. Without one, start fetch without the "
        "folder: the frontier begins again from sources, and from the links and pages of the last days, so that known "
        "pages are asked for once more");
  }
  const absl::Time begun = absl::Now();
  KAWAT_ASSIGN_OR_RETURN(const ShardOfLog shard, OpenShardOfLog(options));
  KAWAT_ASSIGN_OR_RETURN(const std::string set_aside, MakeRoom(shard, options.yes));
  boost::json::object summary{{"shard", shard.owner}};
  if (!set_aside.empty()) {
    summary["set_aside"] = set_aside;
  }
  KAWAT_RETURN_IF_ERROR(shard.service == "dedupe" ? RebuildDedupe(shard, summary) : RebuildStore(shard, summary));
  if (options.json) {
    summary["seconds"] = absl::ToDoubleSeconds(absl::Now() - begun);
    std::cout << boost::json::serialize(summary) << "\n";
  } else {
    Tell(shard, summary);
  }
  return absl::OkStatus();
}

}  // namespace

void AddShardRebuild(CLI::App& shard, Chosen& chosen) {
  CLI::App* command = shard.add_subcommand("rebuild", "Make a lost shard of dedupe or store anew from the log");
  command->footer(
      "kawat, or the shard's process, must not run meanwhile.\n"
      "Examples:\n"
      "  kawat shard rebuild dedupe/0 --config kawat.toml --data data\n"
      "  kawat shard rebuild store/7 --kafka 127.0.0.1:9092 --yes");
  auto options = std::make_shared<ShardOfLogOptions>();
  AddShardOfLogFlags(*command, *options, "Set a state aside that is there: its folder is renamed");
  command->callback([options, &chosen] { chosen.run = [options] { return Rebuild(*options); }; });
}

}  // namespace kawat::cli
