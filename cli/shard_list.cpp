// kawat shard list.
#include <boost/json.hpp>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/shard_flags.h"
#include "cli/sizing.h"
#include "cli/terminal.h"
#include "shard/files.h"
#include "state/rocksdb/rocksdb_look.h"

namespace kawat::cli {
namespace {

namespace json = boost::json;

struct ListOptions {
  ShardFlags flags;
  bool json = false;
};

struct Row {
  shard::Name name;
  std::uint64_t bytes = 0;
  std::uint64_t keys = 0;
  std::optional<int> holder;
  absl::StatusOr<shard::Summary> summary = shard::Summary();
};

Row LookAt(const shard::Name& name, const std::filesystem::path& data) {
  const std::filesystem::path folder = name.FolderIn(data);
  Row row{.name = name, .bytes = shard::SizeOf(folder), .holder = state::HolderOf(folder)};
  row.summary = [&]() -> absl::StatusOr<shard::Summary> {
    KAWAT_ASSIGN_OR_RETURN(const auto look, state::OpenRocksDbForLook(folder));
    row.keys = look->EstimatedKeys();
    return shard::Summarize(*look);
  }();
  return row;
}

json::value ToJson(const Row& row) {
  json::object out{{"shard", row.name.Text()}, {"bytes", row.bytes}, {"keys_estimated", row.keys}};
  out["open_by_process"] = row.holder.has_value() ? json::value(*row.holder) : json::value(nullptr);
  if (!row.summary.ok()) {
    out["error"] = std::string(row.summary.status().message());
    return out;
  }
  out["owner"] = row.summary->owner;
  json::array positions;
  for (const shard::Position& position : row.summary->positions) {
    json::object each{{"topic", position.topic},
                      {"partition", position.partition},
                      {"next", position.cursor.next},
                      {"log_epoch", position.cursor.log_epoch}};
    if (position.cursor.has_record) {
      each["last_record_time"] = absl::FormatTime(
          "%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMillis(position.cursor.append_time_ms), absl::UTCTimeZone());
    }
    positions.push_back(std::move(each));
  }
  out["positions"] = std::move(positions);
  return out;
}

std::string ToText(const Row& row) {
  std::string text = absl::StrFormat("%-10s %10s  about %d keys", row.name.Text(),
                                     FormatBytes(static_cast<std::int64_t>(row.bytes)), row.keys);
  if (row.holder.has_value()) {
    absl::StrAppend(&text, ", open by process ", *row.holder);
  }
  if (!row.summary.ok()) {
    return absl::StrCat(text, "\n    ", std::string(row.summary.status().message()), "\n");
  }
  absl::StrAppend(&text, row.summary->owner.empty() ? ", of nobody yet" : absl::StrCat(", of ", row.summary->owner),
                  "\n");
  for (const shard::Position& position : row.summary->positions) {
    absl::StrAppend(&text, "    ", PositionText(position), "\n");
  }
  return text;
}

absl::Status List(const ListOptions& options) {
  KAWAT_ASSIGN_OR_RETURN(const std::filesystem::path data, DataFolderOf(options.flags));
  KAWAT_ASSIGN_OR_RETURN(const std::vector<shard::Name> names, SelectShards(data, "all"));
  json::array rows;
  bool open = false;
  for (const shard::Name& name : names) {
    const Row row = LookAt(name, data);
    open |= row.holder.has_value();
    if (options.json) {
      rows.push_back(ToJson(row));
    } else {
      Print(ToText(row));
    }
  }
  if (options.json) {
    Print(json::serialize(json::object{{"shards", std::move(rows)}}) + "\n");
  } else if (open) {
    Print("What a process has open goes on: this is a moment's view.\n");
  }
  return absl::OkStatus();
}

}  // namespace

void AddShardList(CLI::App& shard, Chosen& chosen) {
  CLI::App* command = shard.add_subcommand("list", "What shards there are, how far each has read, and who has it open");
  command->footer("Examples:\n  kawat shard list --data data\n  kawat shard list --data data/backups/monday --json");
  auto options = std::make_shared<ListOptions>();
  AddShardFlags(*command, options->flags);
  AddJsonFlag(*command, options->json);
  command->callback([options, &chosen] { chosen.run = [options] { return List(*options); }; });
}

}  // namespace kawat::cli
