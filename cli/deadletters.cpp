// kawat deadletters list|show|replay.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "article/convert.h"
#include "article/reason.h"
#include "base/status.h"
#include "base/suggestion.h"
#include "cli/client.h"
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/json.h"
#include "cli/terminal.h"
#include "kawat/v1/dead_letter_service.grpc.pb.h"

namespace kawat::cli {
namespace {

using Service = v1::DeadLetterService::Stub;

constexpr int kReplayedAtOnce = 20;
constexpr int kPageSize = 500;

struct DeadLetterOptions {
  Server fetch = {"fetch", kDefaultFetch};
  std::vector<std::string> ids;
  std::string stage, reason, since, until, raw;
  int limit = 0;
  bool all = false;
  bool dry_run = false;
  bool json = false;
};

using Letters = std::vector<v1::DeadLetterSummary>;

std::string NameOf(v1::Reason reason) { return std::string(article::Name(static_cast<article::Reason>(reason))); }

absl::Status SetReason(const std::string& text, v1::ListDeadLettersRequest& request) {
  std::vector<std::string> names;
  for (int number = v1::REASON_MALFORMED_RECORD; v1::Reason_IsValid(number); ++number) {
    names.push_back(NameOf(static_cast<v1::Reason>(number)));
    if (text == names.back()) {
      request.set_reason(static_cast<v1::Reason>(number));
      return absl::OkStatus();
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--reason: no dead letter has \"", text, "\"", base::Suggestion(text, names)));
}

// "2h": so long ago; else RFC 3339.
absl::Status SetTime(const std::string& text, const char* flag, google::protobuf::Timestamp* out) {
  absl::Duration ago;
  absl::Time time;
  std::string error;
  if (absl::ParseDuration(text, &ago) && ago >= absl::ZeroDuration()) {
    time = absl::Now() - ago;
  } else if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    return absl::InvalidArgumentError(absl::StrCat(
        flag, " must be a time such as 2026-11-24T10:00:00Z, or so long ago as \"2h\", not \"", text, "\""));
  }
  article::ToProto(time, *out);
  return absl::OkStatus();
}

absl::StatusOr<v1::ListDeadLettersRequest> Filter(const DeadLetterOptions& options) {
  v1::ListDeadLettersRequest request;
  const std::vector<std::string> stages = {"fetch", "parse", "dedupe", "store"};
  if (!options.stage.empty() && std::find(stages.begin(), stages.end(), options.stage) == stages.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--stage: no stage \"", options.stage, "\"", base::Suggestion(options.stage, stages)));
  }
  request.set_stage(options.stage);
  request.set_page_size(kPageSize);
  if (!options.reason.empty()) {
    KAWAT_RETURN_IF_ERROR(SetReason(options.reason, request));
  }
  if (!options.since.empty()) {
    KAWAT_RETURN_IF_ERROR(SetTime(options.since, "--since", request.mutable_since()));
  }
  if (!options.until.empty()) {
    KAWAT_RETURN_IF_ERROR(SetTime(options.until, "--until", request.mutable_until()));
  }
  return request;
}

// All that match, each refused record once (a batch that is applied again refuses it again); oldest refusal first.
absl::StatusOr<Letters> ReadAll(const DeadLetterOptions& options, v1::ListDeadLettersRequest request) {
  std::map<std::string, v1::DeadLetterSummary> by_id;
  do {
    v1::ListDeadLettersResponse response;
    KAWAT_RETURN_IF_ERROR(Call(options.fetch, &Service::ListDeadLetters, request, response));
    for (v1::DeadLetterSummary& letter : *response.mutable_dead_letters()) {
      by_id.insert_or_assign(letter.id(), std::move(letter));
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  Letters letters;
  for (auto& [id, letter] : by_id) {
    letters.push_back(std::move(letter));
  }
  std::stable_sort(letters.begin(), letters.end(), [](const auto& a, const auto& b) {
    return article::FromProto(a.refused_time()) < article::FromProto(b.refused_time());
  });
  return letters;
}

absl::StatusOr<v1::DeadLetterSummary> FindById(const DeadLetterOptions& options, const std::string& id) {
  v1::ListDeadLettersRequest request;
  request.set_id(id);
  request.set_page_size(kPageSize);
  KAWAT_ASSIGN_OR_RETURN(Letters found, ReadAll(options, std::move(request)));
  if (found.empty()) {
    return absl::NotFoundError(
        absl::StrCat("no dead letter of a record \"", id,
                     "\"; an ID is topic/partition/offset, as `kawat deadletters list` shows it"));
  }
  return std::move(found.front());
}

std::string Line(const v1::DeadLetterSummary& letter) {
  return absl::StrCat(
      absl::FormatTime(absl::RFC3339_sec, article::FromProto(letter.refused_time()), absl::UTCTimeZone()), "\t",
      letter.stage(), "\t", NameOf(letter.reason()), "\t", letter.id(), "\t", letter.detail(), "\n");
}

absl::Status List(const DeadLetterOptions& options) {
  KAWAT_ASSIGN_OR_RETURN(v1::ListDeadLettersRequest filter, Filter(options));
  KAWAT_ASSIGN_OR_RETURN(const Letters letters, ReadAll(options, std::move(filter)));
  const std::size_t skipped =
      options.limit > 0 ? letters.size() - std::min(letters.size(), static_cast<std::size_t>(options.limit)) : 0;
  if (options.json) {
    v1::ListDeadLettersResponse all;
    for (std::size_t i = skipped; i < letters.size(); ++i) {
      *all.add_dead_letters() = letters[i];
    }
    std::cout << ToJson(all) << "\n";
    return absl::OkStatus();
  }
  std::map<std::string, int> counts;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    ++counts[absl::StrCat(letters[i].stage(), "\t", NameOf(letters[i].reason()))];
    if (i >= skipped) {
      Print(Line(letters[i]));
    }
  }
  std::cout << letters.size() << " dead letters" << (skipped > 0 ? ", of which the newest are shown" : "") << "\n";
  for (const auto& [name, count] : counts) {
    Print(absl::StrCat(count, "\t", name, "\n"));
  }
  return absl::OkStatus();
}

absl::Status Show(const DeadLetterOptions& options) {
  KAWAT_ASSIGN_OR_RETURN(const v1::DeadLetterSummary letter, FindById(options, options.ids.front()));
  v1::GetDeadLetterRequest request;
  *request.mutable_place() = letter.place();
  v1::GetDeadLetterResponse response;
  KAWAT_RETURN_IF_ERROR(Call(options.fetch, &Service::GetDeadLetter, request, response));
  if (!options.raw.empty()) {
    std::ofstream file(options.raw, std::ios::binary);
    if (!(file << response.value() << std::flush)) {
      return absl::FailedPreconditionError(absl::StrCat("cannot write ", options.raw));
    }
  }
  if (options.json) {
    response.clear_value();
    std::cout << ToJson(response) << "\n";
    return absl::OkStatus();
  }
  const auto time = [](const google::protobuf::Timestamp& at) {
    return absl::FormatTime(absl::RFC3339_full, article::FromProto(at), absl::UTCTimeZone());
  };
  Print(absl::StrCat("record   ", letter.id(), "\nstage    ", letter.stage(), "\nreason   ", NameOf(letter.reason()),
                     "\ndetail   ", letter.detail(), "\nwritten  ", time(letter.append_time()), "\nrefused  ",
                     time(letter.refused_time()), "\nkey      ", absl::Utf8SafeCHexEscape(response.key()),
                     "\nvalue    "));
  Print(response.value().empty()
            ? "none in the letter: it was too large, or the record had none\n"
            : absl::StrCat(response.value().size(), " bytes",
                           options.raw.empty() ? "; --raw FILE writes them" : absl::StrCat(", in ", options.raw),
                           "\n"));
  return absl::OkStatus();
}

absl::StatusOr<Letters> Choose(const DeadLetterOptions& options) {
  if (options.ids.empty()) {
    KAWAT_ASSIGN_OR_RETURN(v1::ListDeadLettersRequest filter, Filter(options));
    return ReadAll(options, std::move(filter));
  }
  Letters letters;
  for (const std::string& id : std::set<std::string>(options.ids.begin(), options.ids.end())) {
    KAWAT_ASSIGN_OR_RETURN(v1::DeadLetterSummary letter, FindById(options, id));
    letters.push_back(std::move(letter));
  }
  return letters;
}

absl::Status Replay(const DeadLetterOptions& options) {
  const bool filtered =
      !options.stage.empty() || !options.reason.empty() || !options.since.empty() || !options.until.empty();
  if (!options.ids.empty() && (filtered || options.all)) {
    return absl::InvalidArgumentError("IDs stand alone: without --stage, --reason, --since, --until and --all");
  }
  if (options.ids.empty() && !filtered && !options.all) {
    return absl::InvalidArgumentError("say which: IDs, a filter (--stage, --reason, --since, --until), or --all");
  }
  KAWAT_ASSIGN_OR_RETURN(const Letters letters, Choose(options));
  v1::ReplayDeadLettersResponse all;
  std::size_t sent = 0;
  for (std::size_t begin = 0; begin < letters.size(); begin += kReplayedAtOnce) {
    v1::ReplayDeadLettersRequest request;
    request.set_dry_run(options.dry_run);
    const std::size_t end = std::min(begin + kReplayedAtOnce, letters.size());
    for (std::size_t i = begin; i < end; ++i) {
      *request.add_places() = letters[i].place();
    }
    v1::ReplayDeadLettersResponse response;
    KAWAT_RETURN_IF_ERROR(base::Annotate(
        Call(options.fetch, &Service::ReplayDeadLetters, request, response),
        absl::StrCat("after ", sent, " of ", letters.size(), " were replayed (doing it again is harmless)")));
    for (const v1::ReplayedDeadLetter& letter : response.dead_letters()) {
      sent += letter.sent() ? 1 : 0;
      if (!letter.sent()) {
        std::cerr << ForTerminal(absl::StrCat(letter.id(), ": ", letter.problem())) << "\n";
      }
    }
    if (end < letters.size()) {
      std::cerr << end << " of " << letters.size() << "\n";
    }
    all.MergeFrom(response);
  }
  if (options.json) {
    std::cout << ToJson(all) << "\n";
  } else {
    std::cout << (options.dry_run ? "would replay " : "replayed ") << sent << " of " << letters.size() << "\n";
  }
  return sent == letters.size()
             ? absl::OkStatus()
             : absl::NotFoundError(absl::StrCat(letters.size() - sent, " have no original any more"));
}

void AddFilters(CLI::App& command, DeadLetterOptions& options) {
  command.add_option("--stage", options.stage, "That refused it: fetch, parse, dedupe, store");
  command.add_option("--reason", options.reason, "bad_encoding, malformed_record ...");
  command.add_option("--since", options.since, "Refused at or after: 2026-11-24T10:00:00Z, or 2h for so long ago");
  command.add_option("--until", options.until, "Refused before; as --since");
}

}  // namespace

void AddDeadLetters(CLI::App& app, Chosen& chosen) {
  CLI::App* letters = app.add_subcommand("deadletters", "Records that a stage refused");
  letters->require_subcommand(1);
  letters->footer("Examples:\n  kawat deadletters list --since 1h\n  kawat deadletters replay --stage parse --dry-run");
  auto options = std::make_shared<DeadLetterOptions>();
  const auto add = [&](const char* name, const char* about, const char* footer,
                       absl::Status (*run)(const DeadLetterOptions&)) {
    CLI::App* command = letters->add_subcommand(name, about);
    command->footer(footer);
    AddFetchFlag(*command, options->fetch);
    AddJsonFlag(*command, options->json);
    command->callback([options, run, &chosen] { chosen.run = [options, run] { return run(*options); }; });
    return command;
  };
  CLI::App* list =
      add("list", "Oldest first, with counts by stage and reason",
          "Examples:\n  kawat deadletters list --stage parse --since 2h\n  kawat deadletters list --json", List);
  AddFilters(*list, *options);
  list->add_option("--limit", options->limit, "Only the newest so many; the counts are of all")
      ->check(CLI::PositiveNumber);
  CLI::App* show =
      add("show", "One of them", "Example:\n  kawat deadletters show kawat.pages/3/4711 --raw page.bin", Show);
  show->add_option("ID", options->ids, "topic/partition/offset of the refused record")->required()->expected(1);
  show->add_option("--raw", options->raw, "Write the refused record's value to this file");
  CLI::App* replay = add("replay", "Send the refused records to their topics again; the letters stay",
                         "Examples:\n  kawat deadletters replay --reason bad_encoding --dry-run\n"
                         "  kawat deadletters replay kawat.pages/3/4711",
                         Replay);
  AddFilters(*replay, *options);
  replay->add_option("ID", options->ids, "topic/partition/offset of refused records; not together with filters");
  replay->add_flag("--all", options->all, "All there are");
  replay->add_flag("--dry-run", options->dry_run, "Say how many it would be, send nothing");
}

}  // namespace kawat::cli
