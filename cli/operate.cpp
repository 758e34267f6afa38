// kawat config check.
#include <iostream>
#include <memory>

#include "base/status.h"
#include "cli/command.h"
#include "cli/whole_config.h"

namespace kawat::cli {
namespace {

absl::Status CheckConfig(const std::string& path) {
  KAWAT_ASSIGN_OR_RETURN(const base::Toml toml, base::Toml::ParseFile(path));
  KAWAT_RETURN_IF_ERROR(ParseWholeConfig(toml).status());
  std::cout << path << " is right\n";
  return absl::OkStatus();
}

}  // namespace

void AddConfig(CLI::App& app, Chosen& chosen) {
  CLI::App* config = app.add_subcommand("config", "The configuration file");
  config->footer("Example:\n  kawat config check kawat.toml");
  config->require_subcommand(1);
  CLI::App* check = config->add_subcommand("check", "Say whether a file is right, or which line is not");
  check->footer("Example:\n  kawat config check kawat.toml");
  auto path = std::make_shared<std::string>();
  check->add_option("FILE", *path, "The file")->required();
  check->callback([path, &chosen] { chosen.run = [path] { return CheckConfig(*path); }; });
}

}  // namespace kawat::cli
