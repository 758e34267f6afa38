// The text of a configuration as toml++ tables, within limits. For config.cpp only: whoever reads settings reads
// config.h.
#pragma once

#include <toml++/toml.h>

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace kawat::base {

// What stands in errors in the place of a file, for a setting of the command line.
inline constexpr char kSetFlag[] = "--set";

// `name` stands before the line in errors. InvalidArgument.
absl::StatusOr<toml::table> ParseTomlText(std::string_view text, std::string_view name);

// "fetch.instance=3" as the table of tables that a file with that line would have. The value is TOML; one that is not,
// and does not begin as a string, an array or a table does, is a string as it stands: --set fetch.owner=kawat-fetch-3.
// InvalidArgument.
absl::StatusOr<toml::table> ParseSetting(std::string_view setting);

// Puts `above` on `below`: tables key by key, anything else replaces what was there.
void MergeTables(toml::table& below, toml::table&& above);

// The value of a key with dots, written as TOML; "" if there is none.
std::string ValueAsText(const toml::table& table, std::string_view key);

// Where a node stands: "kawat.toml:7", or "--set". `file` for a node that stands nowhere.
std::string PlaceOf(const toml::node* node, std::string_view file);

}  // namespace kawat::base
