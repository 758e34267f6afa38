// kawat shard verify.
#include <boost/json.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/shard_flags.h"
#include "cli/terminal.h"
#include "services/dedupe/logical.h"
#include "services/fetch/logical.h"
#include "services/store/fts5_file.h"
#include "services/store/logical.h"
#include "services/store/shard_state.h"
#include "shard/files.h"
#include "shard/restore.h"
#include "state/rocksdb/rocksdb_look.h"

namespace kawat::cli {
namespace {

namespace json = boost::json;

struct VerifyOptions {
  ShardFlags flags;
  std::string which;
  bool fingerprint = false;
  bool json = false;
};

struct Finding {
  std::string what;
  std::string remedy;
};

struct Verdict {
  std::string fingerprint;  // also proof that all of it decodes
  std::vector<Finding> findings;
};

constexpr char kBringBack[] =
    "restore it from a backup (kawat shard restore); store and dedupe can be rebuilt from the log instead (kawat shard "
    "rebuild)";
constexpr char kOtherBackup[] = "this backup cannot be restored: use another one";
constexpr char kIndexAgain[] = "delete index.sqlite: the store makes it anew from its state when it starts";

absl::StatusOr<std::string> FingerprintOf(const shard::Name& name, const state::Reader& state) {
  return name.service == "store"    ? store::LogicalFingerprint(state)
         : name.service == "dedupe" ? dedupe::LogicalFingerprint(state)
                                    : fetch::LogicalFingerprint(state);
}

absl::Status CheckIndex(const std::filesystem::path& folder, const state::Reader& state) {
  KAWAT_ASSIGN_OR_RETURN(const std::int64_t sequence, store::CheckIndex(folder / store::kIndexFile));
  KAWAT_ASSIGN_OR_RETURN(const store::Totals totals, store::ReadTotals(state));
  return sequence <= totals.last_offset
             ? absl::OkStatus()
             : absl::DataLossError(absl::StrCat("the search index is of offset ", sequence, ", ahead of the state's ",
                                                totals.last_offset));
}

absl::Status CheckOwner(const shard::Name& name, const state::Reader& state) {
  KAWAT_ASSIGN_OR_RETURN(const shard::Summary summary, shard::Summarize(state));
  const std::string expected = absl::StrCat(name.service, "/", name.number);
  return summary.owner.empty() || summary.owner == expected
             ? absl::OkStatus()
             : absl::DataLossError(
                   absl::StrCat("the folder is ", expected, "'s, but what it holds is ", summary.owner, "'s"));
}

Verdict Verify(const shard::Name& name, const std::filesystem::path& folder) {
  Verdict verdict;
  const auto note = [&](const absl::Status& status, const char* remedy) {
    if (!status.ok()) {
      verdict.findings.push_back({.what = std::string(status.message()), .remedy = remedy});
    }
    return status.ok();
  };
  std::error_code code;
  const bool backup = std::filesystem::exists(folder / shard::kManifestName, code);
  const char* const remedy = backup ? kOtherBackup : kBringBack;
  if (backup) {
    const absl::StatusOr<shard::Manifest> manifest = shard::ReadManifest(folder);
    if (note(manifest.status(), remedy)) {
      note(shard::CheckFiles(folder, manifest->files), remedy);
    }
  }
  const auto look = state::OpenRocksDbForLook(folder);
  if (!note(look.status(), remedy) || !note((*look)->VerifyChecksums(), remedy)) {
    return verdict;
  }
  note(CheckOwner(name, **look), remedy);
  const absl::StatusOr<std::string> fingerprint = FingerprintOf(name, **look);
  note(fingerprint.status(), remedy);
  verdict.fingerprint = fingerprint.value_or("");
  if (name.service == "store" && std::filesystem::exists(folder / store::kIndexFile, code)) {  // else it makes one
    note(CheckIndex(folder, **look),
         backup ? "the backup can be restored; the store then makes its index anew" : kIndexAgain);
  }
  return verdict;
}

json::object ToJson(const shard::Name& name, const Verdict& verdict, bool fingerprint) {
  json::array findings;
  for (const Finding& finding : verdict.findings) {
    findings.push_back(json::object{{"what", finding.what}, {"remedy", finding.remedy}});
  }
  json::object out{{"shard", name.Text()}, {"fine", verdict.findings.empty()}, {"findings", std::move(findings)}};
  if (fingerprint) {
    out["fingerprint"] = verdict.fingerprint;
  }
  return out;
}

std::string ToText(const shard::Name& name, const Verdict& verdict, bool fingerprint) {
  if (verdict.findings.empty()) {
    return fingerprint ? absl::StrCat(name.Text(), " ", verdict.fingerprint, "\n")
                       : absl::StrCat(name.Text(), " is whole\n");
  }
  std::string text;
  for (const Finding& finding : verdict.findings) {
    absl::StrAppend(&text, name.Text(), " is damaged: ", finding.what, "; ", finding.remedy, "\n");
  }
  return text;
}

absl::Status VerifyAll(const VerifyOptions& options) {
  KAWAT_ASSIGN_OR_RETURN(const std::filesystem::path data, DataFolderOf(options.flags));
  KAWAT_ASSIGN_OR_RETURN(const std::vector<shard::Name> names, SelectShards(data, options.which));
  for (const shard::Name& name : names) {
    if (const std::optional<int> holder = state::HolderOf(name.FolderIn(data)); holder.has_value()) {
      return absl::FailedPreconditionError(
          absl::StrCat(name.Text(), " is in use by process ", *holder,
                       ", which deletes files while they are read: stop it, or back the shard up (kawat shard backup) "
                       "and verify that, with --data ",
                       (data / "backups").string(), "/NAME"));
    }
  }
  int damaged = 0;
  json::array all;
  for (const shard::Name& name : names) {
    const Verdict verdict = Verify(name, name.FolderIn(data));
    damaged += verdict.findings.empty() ? 0 : 1;
    if (options.json) {
      all.push_back(ToJson(name, verdict, options.fingerprint));
    } else {
      Print(ToText(name, verdict, options.fingerprint));
    }
  }
  if (options.json) {
    Print(json::serialize(json::object{{"shards", std::move(all)}}) + "\n");
  }
  return damaged == 0 ? absl::OkStatus()
                      : absl::UnknownError(absl::StrCat(damaged, " of ", names.size(), " shards ",
                                                        damaged == 1 ? "is" : "are", " not as written"));
}

}  // namespace

void AddShardVerify(CLI::App& shard, Chosen& chosen) {
  CLI::App* command = shard.add_subcommand(
      "verify", "Read every block of a shard or a backup, decode what is in it, and say what is damaged");
  command->footer(
      "Examples:\n  kawat shard verify all --data data\n  kawat shard verify all --data data/backups/monday\n"
      "  kawat shard verify store/00 --fingerprint   equal for shards that hold the same facts");
  auto options = std::make_shared<VerifyOptions>();
  command->add_option("SHARD", options->which, "SERVICE/NN, or all; nothing may have it open")->required();
  AddShardFlags(*command, options->flags);
  command->add_flag("--fingerprint", options->fingerprint, "Print a hash of its facts");
  AddJsonFlag(*command, options->json);
  command->callback([options, &chosen] { chosen.run = [options] { return VerifyAll(*options); }; });
}

}  // namespace kawat::cli
