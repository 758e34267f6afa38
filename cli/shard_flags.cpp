#include "cli/shard_flags.h"

#include <system_error>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "cli/whole_config.h"

namespace kawat::cli {

void AddShardFlags(CLI::App& command, ShardFlags& flags) {
  command.add_option("--config", flags.config, "TOML file, for its `data`")->envname("KAWAT_CONFIG");
  command.add_option("--data", flags.data, "Folder of all state; default: the file's `data`, or \"data\"");
}

absl::StatusOr<std::filesystem::path> DataFolderOf(const ShardFlags& flags) {
  std::string data = flags.data.empty() ? "data" : flags.data;
  if (flags.data.empty() && !flags.config.empty()) {
    KAWAT_ASSIGN_OR_RETURN(const base::Toml toml, base::Toml::ParseFile(flags.config));
    KAWAT_ASSIGN_OR_RETURN(const WholeConfig whole, ParseWholeConfig(toml));
    data = whole.data;
  }
  return std::filesystem::path(data);
}

absl::StatusOr<std::vector<shard::Name>> SelectShards(const std::filesystem::path& data, const std::string& which) {
  if (which == "all") {
    std::vector<shard::Name> all = shard::FindShards(data);
    if (all.empty()) {
      return absl::NotFoundError(
          absl::StrCat("no shard is below ", data.string(), "; name the data folder with --data"));
    }
    return all;
  }
  KAWAT_ASSIGN_OR_RETURN(const shard::Name name, shard::ParseName(which));
  std::error_code code;
  if (!std::filesystem::is_directory(name.FolderIn(data), code)) {
    return absl::NotFoundError(absl::StrCat("there is no ", name.FolderIn(data).string(),
                                            "; `kawat shard list` has the shards of a data folder"));
  }
  return std::vector<shard::Name>{name};
}

std::string PositionText(const shard::Position& position) {
  const pipeline::Cursor& cursor = position.cursor;
  std::string text =
      absl::StrCat(position.topic, "/", position.partition, " next ", cursor.next, ", log epoch ", cursor.log_epoch);
  if (cursor.has_record) {
    absl::StrAppend(
        &text, ", last record ",
        absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMillis(cursor.append_time_ms), absl::UTCTimeZone()));
  }
  return text;
}

}  // namespace kawat::cli
