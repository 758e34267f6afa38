// kawat shard backup, restore.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "bus/topics.h"
#include "cli/client.h"
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/shard_flags.h"
#include "cli/sizing.h"
#include "cli/terminal.h"
#include "kawat/v1/shard_service.grpc.pb.h"
#include "services/store/fts5_file.h"
#include "shard/backup.h"
#include "shard/restore.h"
#include "state/rocksdb/rocksdb_look.h"
#include "state/rocksdb/rocksdb_store.h"
#include "telemetry/addresses.h"

namespace kawat::cli {
namespace {

constexpr absl::Duration kBackupPatience = absl::Hours(6);  // it reads all of a shard

struct BackupOptions {
  ShardFlags flags;
  std::string which;
  std::string name;
  std::string token_file;
  std::map<std::string, std::string, std::less<>> addresses;  // by service; of those that were named
};

absl::StatusOr<std::string> AddressOf(const shard::Name& name, const std::filesystem::path& data) {
  KAWAT_ASSIGN_OR_RETURN(const telemetry::AddressBook book, telemetry::ReadAddresses(data));
  const auto service = book.find(name.service);
  if (service == book.end() || !service->second.contains("grpc")) {
    return absl::NotFoundError(absl::StrCat("it is in use, but ", data.string(), "/addresses.json has no ",
                                            name.service, ": is it still starting?"));
  }
  return service->second.at("grpc");
}

// The process that has the shard open makes it.
absl::StatusOr<std::string> BackUpThere(const shard::Name& name, const std::string& address,
                                        const BackupOptions& options) {
  const Server server{name.service, address, options.token_file};
  v1::CreateBackupRequest request;
  request.set_shard(name.Text());
  request.set_name(options.name);
  v1::CreateBackupResponse response;
  KAWAT_RETURN_IF_ERROR(Call(server, &v1::ShardService::Stub::CreateBackup, request, response, kBackupPatience));
  return absl::StrCat(response.folder(), ", ", FormatBytes(response.bytes()));
}

// Nobody has it open.
absl::StatusOr<std::string> BackUpHere(const shard::Name& name, const std::filesystem::path& data,
                                       const BackupOptions& options) {
  const std::filesystem::path folder = name.FolderIn(data);
  KAWAT_ASSIGN_OR_RETURN(const std::unique_ptr<state::Store> store, state::OpenRocksDb(folder));
  shard::Source source{.name = name, .store = store.get()};
  const std::filesystem::path index = folder / store::kIndexFile;
  if (std::error_code code; std::filesystem::exists(index, code)) {
    source.copy_beside = [index](const std::filesystem::path& to) {
      return store::CopyIndex(index, to / store::kIndexFile);
    };
  }
  shard::Backups backups(data);
  backups.Add(std::move(source));
  KAWAT_ASSIGN_OR_RETURN(const shard::Backup made, backups.Make(name.Text(), options.name));
  return absl::StrCat(made.folder.string(), ", ", FormatBytes(static_cast<std::int64_t>(made.manifest.Bytes())));
}

absl::StatusOr<std::string> BackUpOne(const shard::Name& name, const std::filesystem::path& data,
                                      const BackupOptions& options) {
  if (const auto named = options.addresses.find(name.service); named != options.addresses.end()) {
    return BackUpThere(name, named->second, options);
  }
  if (!state::HolderOf(name.FolderIn(data)).has_value()) {
    return BackUpHere(name, data, options);
  }
  KAWAT_ASSIGN_OR_RETURN(const std::string address, AddressOf(name, data));
  return BackUpThere(name, address, options);
}

absl::StatusOr<std::vector<shard::Name>> ShardsToBackUp(const std::filesystem::path& data,
                                                        const BackupOptions& options) {
  // With an address, the shard may be on another machine.
  const absl::StatusOr<shard::Name> name = shard::ParseName(options.which);
  return name.ok() && options.addresses.contains(name->service) ? std::vector<shard::Name>{*name}
                                                                : SelectShards(data, options.which);
}

absl::Status BackUp(const BackupOptions& options) {
  KAWAT_ASSIGN_OR_RETURN(const std::filesystem::path data, DataFolderOf(options.flags));
  KAWAT_RETURN_IF_ERROR(shard::BackupFolder(data, options.name).status());
  KAWAT_ASSIGN_OR_RETURN(const std::vector<shard::Name> names, ShardsToBackUp(data, options));
  for (const shard::Name& name : names) {
    const absl::StatusOr<std::string> made = BackUpOne(name, data, options);
    KAWAT_RETURN_IF_ERROR(base::Annotate(made.status(), name.Text()));
    Print(absl::StrCat(name.Text(), " is backed up: ", *made, "\n"));
  }
  return absl::OkStatus();
}

struct RestoreOptions {
  ShardFlags flags;
  std::string from;
  std::string which;
  bool yes = false;
};

std::string Kept(const std::string& topic) {
  for (const bus::TopicSpec& spec : bus::Topics(1, 1)) {
    if (spec.name == topic && spec.retention > absl::ZeroDuration() && spec.retention < absl::InfiniteDuration()) {
      return absl::StrCat("kept ", absl::ToInt64Hours(spec.retention) / 24, " days");
    }
  }
  return "kept for ever";
}

absl::Status Restore(const RestoreOptions& options) {
  KAWAT_ASSIGN_OR_RETURN(const std::filesystem::path data, DataFolderOf(options.flags));
  std::vector<shard::Name> names = shard::FindShards(options.from);
  if (options.which != "all") {
    KAWAT_ASSIGN_OR_RETURN(const shard::Name name, shard::ParseName(options.which));
    names = {name};
  } else if (names.empty()) {
    return absl::NotFoundError(absl::StrCat("no backup of a shard is below ", options.from));
  }
  for (const shard::Name& name : names) {
    KAWAT_ASSIGN_OR_RETURN(const shard::Restored restored, shard::Restore(options.from, name, data, options.yes));
    const shard::Manifest& manifest = restored.manifest;
    std::string text = absl::StrCat(name.Text(), " is restored, as it was at ",
                                    absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", manifest.made, absl::UTCTimeZone()), "\n");
    if (!restored.replaced.empty()) {
      absl::StrAppend(&text, "    what was there is now ", restored.replaced.string(),
                      "; delete it when nothing is missed\n");
    }
    for (const shard::Position& position : manifest.summary.positions) {
      absl::StrAppend(&text, "    it goes on from ", PositionText(position), "; the log must still have that (",
                      Kept(position.topic), ")\n");
    }
    Print(text);
  }
  return absl::OkStatus();
}

}  // namespace

void AddShardBackup(CLI::App& shard, Chosen& chosen) {
  CLI::App* command = shard.add_subcommand("backup", "Copy shards, each as it is at one moment, while all goes on");
  command->footer(
      "Examples:\n  kawat shard backup all --to monday           into data/backups/monday\n"
      "  kawat shard backup dedupe/00 --to before-upgrade --data /var/lib/kawat\n"
      "Tables are links to the shard's own: copy the folder to another disk, then delete it here.");
  auto options = std::make_shared<BackupOptions>();
  command->add_option("SHARD", options->which, "SERVICE/NN, or all")->required();
  command->add_option("--to", options->name, "Name of the backup: a new folder below DATA/backups")->required();
  AddShardFlags(*command, options->flags);
  for (const std::string service : {"dedupe", "fetch", "store"}) {
    command->add_option_function<std::string>(
        absl::StrCat("--", service),
        [options, service](const std::string& address) { options->addresses[service] = address; },
        absl::StrCat("gRPC address of the ", service, " that has the shard open; default: that in addresses.json"));
  }
  command->add_option("--token-file", options->token_file, "File with the token that the services want to see")
      ->envname("KAWAT_TOKEN_FILE");
  command->callback([options, &chosen] { chosen.run = [options] { return BackUp(*options); }; });
}

void AddShardRestore(CLI::App& shard, Chosen& chosen) {
  CLI::App* command = shard.add_subcommand("restore", "Put a backup in a shard's place, here or on another machine");
  command->footer(
      "Examples:\n  kawat shard restore --from data/backups/monday store/00\n"
      "  kawat shard restore --from /mnt/monday all --data data --yes");
  auto options = std::make_shared<RestoreOptions>();
  command->add_option("SHARD", options->which, "SERVICE/NN, or all that the backup has; nothing may have it open")
      ->required();
  command->add_option("--from", options->from, "Folder of the backup")->required();
  AddShardFlags(*command, options->flags);
  command->add_flag("--yes", options->yes, "Also where there is a shard already: it is renamed to NN.replaced-TIME");
  command->callback([options, &chosen] { chosen.run = [options] { return Restore(*options); }; });
}

}  // namespace kawat::cli
