#include "base/toml_text.h"

#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status.h"

namespace kawat::base {
namespace {

constexpr int kMostDots = 64;  // of a key: toml++ goes as deep, and would overrun the stack
constexpr std::size_t kMaxSettingBytes = 64 << 10;

// The line of a key with more than kMostDots dots, or 0. Dots in strings do not count.
int LineOfDeepKey(std::string_view text) {
  int line = 1;
  int dots = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      ++line;
      dots = 0;
      quote = 0;
    } else if (quote != 0) {
      i += quote == '"' && c == '\\' ? 1 : 0;
      quote = c == quote ? 0 : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '=' || c == ',' || c == '{' || c == '[') {
      dots = 0;
    } else if (c == '.' && ++dots > kMostDots) {
      return line;
    }
  }
  return 0;
}

absl::Status WrongSetting(std::string_view setting, std::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(
      kSetFlag, " \"", absl::Utf8SafeCHexEscape(std::string(setting.substr(0, 200))), "\": ", std::string(why)));
}

}  // namespace

absl::StatusOr<toml::table> ParseTomlText(std::string_view text, std::string_view name) {
  if (const int line = LineOfDeepKey(text); line > 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(std::string(name), ":", line, ": a key may have at most ", kMostDots, " dots"));
  }
  try {
    return toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    return absl::InvalidArgumentError(absl::StrCat(std::string(name), ":", error.source().begin.line,
                                                   ": not TOML: ", std::string(error.description())));
  }
}

absl::StatusOr<toml::table> ParseSetting(std::string_view setting) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return WrongSetting(setting, "must be KEY=VALUE, such as fetch.instance=3");
  }
  if (setting.size() > kMaxSettingBytes || setting.find_first_of("\r\n") != std::string_view::npos) {
    return WrongSetting(setting, "must be one line, of 64 KiB at most");
  }
  const std::string_view value = setting.substr(equals + 1);
  absl::StatusOr<toml::table> table = ParseTomlText(setting, kSetFlag);
  if (!table.ok() && !value.empty() && std::string_view("\"'[{").find(value.front()) != std::string_view::npos) {
    return WrongSetting(setting,
                        std::string(absl::StripPrefix(table.status().message(), absl::StrCat(kSetFlag, ":1: "))));
  }
  if (!table.ok()) {
    table = ParseTomlText(absl::StrCat(std::string(setting.substr(0, equals)), " = \"\""), kSetFlag);
    if (!table.ok()) {
      return WrongSetting(setting, "its key must be names with dots between them, such as fetch.instance");
    }
    toml::node* node = &*table;  // the one leaf
    while (node->is_table() && !node->as_table()->empty()) {
      node = &node->as_table()->begin()->second;
    }
    if (node->is_string()) {
      node->as_string()->get() = std::string(value);
    }
  }
  return table;
}

void MergeTables(toml::table& below, toml::table&& above) {
  for (auto&& [key, node] : above) {
    toml::table* const old = below.get_as<toml::table>(key.str());
    if (old != nullptr && node.is_table()) {
      MergeTables(*old, std::move(*node.as_table()));
    } else {
      node.visit([&below, name = key](auto& value) { below.insert_or_assign(name, std::move(value)); });
    }
  }
}

std::string ValueAsText(const toml::table& table, std::string_view key) {
  const toml::table* level = &table;
  const toml::node* node = nullptr;
  for (const std::string& part : std::vector<std::string>(absl::StrSplit(std::string(key), '.'))) {
    node = level == nullptr ? nullptr : level->get(part);
    level = node == nullptr ? nullptr : node->as_table();
  }
  if (node == nullptr) {
    return "";
  }
  std::ostringstream text;
  text << toml::node_view<const toml::node>(*node);
  return text.str();
}

std::string PlaceOf(const toml::node* node, std::string_view file) {
  if (node == nullptr || node->source().begin.line == 0) {
    return std::string(file);
  }
  const auto& path = node->source().path;
  if (path != nullptr && *path == kSetFlag) {
    return kSetFlag;
  }
  return absl::StrCat(std::string(file), ":", node->source().begin.line);
}

}  // namespace kawat::base
