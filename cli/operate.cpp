// kawat config check|explain.
#include <iostream>
#include <memory>
#include <vector>

#include "base/status.h"
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/settings.h"
#include "cli/whole_config.h"

namespace kawat::cli {
namespace {

absl::Status CheckConfig(const std::string& path) {
  KAWAT_ASSIGN_OR_RETURN(const base::Toml toml, base::Toml::ParseFile(path));
  KAWAT_RETURN_IF_ERROR(ParseWholeConfig(toml).status());
  std::cout << path << " is right\n";
  return absl::OkStatus();
}

struct ExplainOptions {
  std::string key;
  bool json = false;
  bool markdown = false;
};

absl::Status ExplainSettings(const ExplainOptions& options) {
  KAWAT_ASSIGN_OR_RETURN(const std::vector<Setting> settings, FindSettings(options.key));
  std::cout << (options.json       ? SettingsAsJson(settings)
                : options.markdown ? SettingsAsMarkdown(settings)
                                   : SettingsAsText(settings));
  return absl::OkStatus();
}

}  // namespace

void AddConfig(CLI::App& app, Chosen& chosen) {
  CLI::App* config = app.add_subcommand("config", "The configuration file");
  config->footer("Examples:\n  kawat config check kawat.toml\n  kawat config explain fetch.delay");
  config->require_subcommand(1);
  CLI::App* check = config->add_subcommand("check", "Say whether a file is right, or which line is not");
  check->footer("Example:\n  kawat config check kawat.toml");
  auto path = std::make_shared<std::string>();
  check->add_option("FILE", *path, "The file")->required();
  check->callback([path, &chosen] { chosen.run = [path] { return CheckConfig(*path); }; });
  CLI::App* explain = config->add_subcommand("explain", "What can be set, its default and meaning");
  explain->footer(
      "Examples:\n  kawat config explain\n  kawat config explain fetch.delay\n  kawat config explain bus --json");
  auto options = std::make_shared<ExplainOptions>();
  explain->add_option("KEY", options->key, "A setting or a table; default: all");
  AddJsonFlag(*explain, options->json);
  explain->add_flag("--markdown", options->markdown, "The table of docs/operations.md");
  explain->callback([options, &chosen] { chosen.run = [options] { return ExplainSettings(*options); }; });
}

}  // namespace kawat::cli
