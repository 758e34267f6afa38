// kawat: the one command. Each subcommand is a file beside this one.
#include "base/main.h"

#include <cstdio>
#include <string>
#include <vector>

#include "base/suggestion.h"
#include "base/version.h"
#include "cli/child.h"
#include "cli/command.h"
#include "cli/terminal.h"

namespace {

constexpr char kExamples[] = R"(
Examples:
  kawat demo                                a synthetic news web, crawled and searchable
  kawat up --config kawat.toml --data data  the whole of kawat in one process
  kawat sources add --id antara --name "ANTARA" --feed https://example.org/rss.xml
  kawat search '"gempa bumi" lang:id' --json
  kawat get --url https://example.org/a
  kawat top                                 throughput and lag, live

Services answer at 127.0.0.1: store 7700, fetch 7701, parse 7702, dedupe 7703, portal 8080.)";

int Report(const absl::Status& status) {
  if (!status.ok()) {
    std::fprintf(stderr, "kawat: %s\n", kawat::cli::ForTerminal(std::string(status.message())).c_str());
  }
  return kawat::base::ExitCodeOf(status);
}

// The sentence on a word that stands where a command must stand, which CLI11 only calls a missing subcommand; else "".
std::string UnknownCommand(const CLI::App& app, int argc, char** argv) {
  const CLI::App* level = &app;
  for (int i = 1; i < argc && argv[i][0] != '-'; ++i) {
    std::vector<std::string> names;
    const CLI::App* next = nullptr;
    for (const CLI::App* command : level->get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(command->get_name());
      next = names.back() == argv[i] ? command : next;
    }
    if (next == nullptr) {
      return names.empty() ? ""
                           : "no command \"" + std::string(argv[i]) + "\"" + kawat::base::Suggestion(argv[i], names);
    }
    level = next;
  }
  return "";
}

}  // namespace

int main(int argc, char** argv) {
  using namespace kawat::cli;  // NOLINT(google-build-using-namespace)
  DieWithParent();
  CLI::App app{"kawat collects news from the web as it is published and makes it searchable within a second or two."};
  app.footer(kExamples + 1);
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string(kawat::base::kVersion));
  Chosen chosen;
  AddUp(app, chosen);
  AddDemo(app, chosen);
  AddSources(app, chosen);
  AddSearch(app, chosen);
  AddGet(app, chosen);
  AddStats(app, chosen);
  AddUrl(app, chosen);
  AddParse(app, chosen);
  AddTop(app, chosen);
  AddTopics(app, chosen);
  AddDeadLetters(app, chosen);
  AddConfig(app, chosen);
  AddShard(app, chosen);
  AddNewsroom(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (const std::string unknown = UnknownCommand(app, argc, argv); error.get_exit_code() != 0 && !unknown.empty()) {
      std::fprintf(stderr, "kawat: %s\n", unknown.c_str());
      return kawat::base::kExitCannotMend;
    }
    return app.exit(error) == 0 ? kawat::base::kExitOk : kawat::base::kExitCannotMend;
  }
  if (chosen.run_with_exit_code) {
    return chosen.run_with_exit_code();
  }
  return Report(chosen.run());
}
