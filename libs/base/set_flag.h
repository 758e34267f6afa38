// The flag --set, of every program that reads the configuration.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace kawat::base {

// For Toml::Load.
inline void AddSetFlag(CLI::App& app, std::vector<std::string>& settings) {
  app.add_option("--set", settings, "KEY=VALUE, a setting above the file's: fetch.instance=3; may be repeated")
      ->allow_extra_args(false);
}

}  // namespace kawat::base
