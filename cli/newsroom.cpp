// kawat newsroom [check]: the synthetic news web.
#include <memory>

#include "cli/command.h"
#include "services/newsroom/command.h"

namespace kawat::cli {
namespace {

struct NewsroomOptions {
  newsroom::Options serve;
  newsroom::CheckFlags check;
};

}  // namespace

void AddNewsroom(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<NewsroomOptions>();
  CLI::App* command =
      app.add_subcommand("newsroom", "A synthetic news web on loopback that knows the truth about itself");
  command->footer(
      "Examples:\n"
      "  kawat newsroom --seed 7 --articles 500 --delay 50 --write-config newsroom.toml\n"
      "  kawat up --config newsroom.toml --data data\n"
      "  kawat newsroom check");
  newsroom::AddServeFlags(*command, options->serve);
  CLI::App* check = newsroom::AddCheck(*command, options->check);
  check->footer(
      "Example:\n  kawat newsroom check --newsroom 127.0.0.1:8900 --store 127.0.0.1:7700 --fetch 127.0.0.1:7701 "
      "--json");
  command->callback([options, check, &chosen] {
    chosen.run_with_exit_code = [options, checks = check->parsed()] {
      return checks ? newsroom::RunCheck(options->check) : newsroom::Serve(options->serve);
    };
  });
}

}  // namespace kawat::cli
