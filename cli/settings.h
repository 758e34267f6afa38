// Every setting of the configuration file, with what it means: for `kawat config explain` and the table in
// docs/operations.md.
//
// Key, type, default and range are those of the program's own reads (base::Toml::Reads); what those cannot say stands
// in the table in settings.cpp. A test compares the three.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace kawat::cli {

struct Setting {
  std::string key;            // "fetch.delay"
  std::string type;           // "duration"
  std::string default_value;  // as TOML, or a sentence; empty: it has none
  std::string unit;           // of a number or address; empty: none
  std::string meaning;
  bool reloads = false;  // a change takes effect without a restart
};

// All, in the order of the documentation. Internal: a key that is read and has no meaning, or the other way round.
absl::StatusOr<std::vector<Setting>> AllSettings();

// Those that are `key` or stand below it ("fetch"); all for "". NotFound proposes near names.
absl::StatusOr<std::vector<Setting>> FindSettings(std::string_view key);

std::string SettingsAsText(const std::vector<Setting>& settings);
std::string SettingsAsJson(const std::vector<Setting>& settings);
std::string SettingsAsMarkdown(const std::vector<Setting>& settings);  // the table of docs/operations.md

}  // namespace kawat::cli
