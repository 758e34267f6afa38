#include "cli/shard_of_log.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/clock.h"
#include "base/shutdown.h"
#include "base/status.h"
#include "bus/topics.h"
#include "cli/whole_config.h"

namespace kawat::cli {
namespace {

struct Reads {
  const char* service;
  std::string_view topic;  // whose partitions it has a shard each of
};
constexpr std::array kReads = {Reads{"fetch", bus::kLinks}, Reads{"dedupe", bus::kParsed},
                               Reads{"store", bus::kArticles}};

absl::Status CheckNumber(bus::Bus& bus, const ShardOfLog& shard) {
  for (const Reads& reads : kReads) {
    if (reads.service == shard.service) {
      KAWAT_ASSIGN_OR_RETURN(const std::int32_t count, bus.PartitionCount(reads.topic));
      if (shard.number >= count) {
        return absl::InvalidArgumentError(absl::StrCat("there is no shard ", shard.owner, ": ", shard.service, " has ",
                                                       count, ", ", shard.service, "/0 to ", shard.service, "/",
                                                       count - 1));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status ParseShard(const std::string& text, ShardOfLog& shard) {
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  const bool is_known = std::any_of(kReads.begin(), kReads.end(),
                                    [&parts](const Reads& reads) { return parts.front() == reads.service; });
  if (parts.size() != 2 || !is_known || parts[1].empty() || parts[1].size() > 4 ||
      !std::all_of(parts[1].begin(), parts[1].end(), [](char c) { return c >= '0' && c <= '9'; }) ||
      !absl::SimpleAtoi(parts[1], &shard.number)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a shard is named SERVICE/N, such as dedupe/0, store/7 or fetch/3, not \"", text.substr(0, 100), "\""));
  }
  shard.service = parts[0];
  shard.owner = absl::StrCat(shard.service, "/", shard.number);
  return absl::OkStatus();
}

}  // namespace

void AddShardOfLogFlags(CLI::App& command, ShardOfLogOptions& options, const char* yes) {
  command.add_option("SHARD", options.shard, "dedupe/0, store/7, fetch/3")->required();
  command.add_option("--config", options.config, "TOML file; all settings have defaults")->envname("KAWAT_CONFIG");
  command.add_option("--data", options.data, "Folder of all state; default: the file's `data`, or \"data\"");
  command.add_option("--kafka", options.kafka,
                     "Brokers of a real Kafka, instead of the embedded log: HOST:PORT,HOST:PORT");
  command.add_flag("--yes", options.yes, yes);
  command.add_flag("--json", options.json, "JSON, for scripts");
}

absl::StatusOr<ShardOfLog> OpenShardOfLog(const ShardOfLogOptions& options) {
  ShardOfLog shard;
  KAWAT_RETURN_IF_ERROR(ParseShard(options.shard, shard));
  KAWAT_ASSIGN_OR_RETURN(const base::Toml toml, base::Toml::Load(options.config, {}));
  KAWAT_ASSIGN_OR_RETURN(WholeConfig config, ParseWholeConfig(toml));
  SetData(config, options.data.empty() ? config.data : options.data);
  if (!options.kafka.empty()) {
    config.bus.kafka = options.kafka;
  }
  std::error_code code;
  const std::filesystem::path data = config.data;
  if (!std::filesystem::is_directory(config.bus.kafka.empty() ? data / "log" : data, code)) {
    return absl::NotFoundError(absl::StrCat("there is no ", (config.bus.kafka.empty() ? data / "log" : data).string(),
                                            "; name the data folder with --data, or the brokers with --kafka"));
  }
  static base::Shutdown shutdown;  // outlives the signal thread
  base::RequestOnSignals(shutdown);
  KAWAT_ASSIGN_OR_RETURN(shard.bus, bus::Open(config.bus, config.data, base::SystemClock(), shutdown));
  KAWAT_RETURN_IF_ERROR(CheckNumber(*shard.bus, shard));
  shard.folder = data / shard.service / absl::StrFormat("%02d", shard.number);
  return shard;
}

bool HasFiles(const std::filesystem::path& folder) {
  std::error_code code;
  return std::filesystem::exists(folder, code) && !std::filesystem::is_empty(folder, code);
}

absl::StatusOr<std::filesystem::path> SetAside(const std::filesystem::path& folder) {
  std::filesystem::path to = folder;
  to += absl::FormatTime(".replaced-%Y%m%dT%H%M%SZ", absl::Now(), absl::UTCTimeZone());
  std::error_code code;
  std::filesystem::rename(folder, to, code);
  if (code) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot rename ", folder.string(), " to ", to.string(), ": ", code.message()));
  }
  return to;
}

}  // namespace kawat::cli
