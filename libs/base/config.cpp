#include "base/config.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/check.h"
#include "base/files.h"
#include "base/status.h"
#include "base/suggestion.h"
#include "base/toml_text.h"

namespace kawat::base {
namespace {

constexpr std::size_t kMaxFileBytes = 1 << 20;

void AppendQuoted(std::string* out, std::string_view text) {
  const bool literal = text.find('"') != std::string_view::npos;
  absl::StrAppend(out, literal ? "'" : "\"", std::string(text), literal ? "'" : "\"");
}

std::string Quoted(std::string_view text) {
  std::string quoted;
  AppendQuoted(&quoted, text);
  return quoted;
}

}  // namespace

struct Toml::File {
  std::string name;
  toml::table table;
  std::vector<ReadKey> reads;
  std::string text;
  std::filesystem::path path;         // of Load
  std::vector<std::string> settings;  // of Load
};

struct Section::State {
  std::shared_ptr<Toml::File> file;
  const toml::table* table = nullptr;  // null: absent
  std::string path;                    // "fetch.limits"
  std::set<std::string> known;
  absl::Status error;
  std::vector<std::shared_ptr<State>> below;

  std::string Name(std::string_view key) const {
    return path.empty() ? std::string(key) : absl::StrCat(path, ".", std::string(key));
  }

  void Fail(const toml::node* node, std::string_view key, std::string_view why) {
    if (error.ok()) {
      error =
          absl::InvalidArgumentError(absl::StrCat(PlaceOf(node, file->name), ": ", Name(key), " ", std::string(why)));
    }
  }

  const toml::node* Find(std::string_view key) {
    known.emplace(key);
    return table == nullptr ? nullptr : table->get(key);
  }

  void Note(std::string_view key, std::string_view type, std::string default_value, Range range = {}) {
    std::string name = Name(key);
    if (const std::size_t bracket = name.find('['); bracket != std::string::npos) {
      name.erase(bracket + 1, name.find(']') - bracket - 1);
    }
    if (std::none_of(file->reads.begin(), file->reads.end(), [&](const ReadKey& read) { return read.key == name; })) {
      file->reads.push_back({std::move(name), std::string(type), std::move(default_value), range});
    }
  }

  template <class T>
  std::optional<T> Get(std::string_view key, std::string_view expected) {
    const toml::node* node = Find(key);
    if (node == nullptr) {
      return std::nullopt;
    }
    std::optional<T> value = node->value_exact<T>();
    if (!value.has_value()) {
      Fail(node, key, expected);
    }
    return value;
  }

  std::shared_ptr<State> Below(std::string_view key, const toml::table* child) {
    auto state = std::make_shared<State>();
    state->file = file;
    state->table = child;
    state->path = Name(key);
    below.push_back(state);
    return state;
  }
};

Section::Section(std::shared_ptr<State> state) : state_(std::move(state)) {}

void Section::Read(std::string_view key, bool& value) {
  state_->Note(key, "bool", value ? "true" : "false");
  value = state_->Get<bool>(key, "must be true or false").value_or(value);
}

void Section::Read(std::string_view key, std::int64_t& value, Range range) {
  state_->Note(key, "integer", absl::StrCat(value), range);
  const auto read = state_->Get<std::int64_t>(key, "must be a whole number");
  if (!read.has_value()) {
    return;
  }
  if (*read < range.min || *read > range.max) {
    const std::string upper =
        range.max == std::numeric_limits<std::int64_t>::max() ? "" : absl::StrCat(" and at most ", range.max);
    state_->Fail(state_->Find(key), key, absl::StrCat("must be at least ", range.min, upper, ", not ", *read));
    return;
  }
  value = *read;
}

void Section::Read(std::string_view key, int& value, Range range) {
  std::int64_t wide = value;
  range.min = std::max<std::int64_t>(range.min, std::numeric_limits<int>::min());
  range.max = std::min<std::int64_t>(range.max, std::numeric_limits<int>::max());
  Read(key, wide, range);
  value = static_cast<int>(wide);
}

void Section::Read(std::string_view key, std::string& value) {
  state_->Note(key, "string", Quoted(value));
  value = state_->Get<std::string>(key, "must be a string").value_or(value);
}

void Section::Read(std::string_view key, absl::Duration& value) {
  state_->Note(key, "duration", Quoted(absl::FormatDuration(value)));
  const auto text = state_->Get<std::string>(key, "must be a duration such as \"500ms\", \"2s\" or \"1h30m\"");
  if (!text.has_value()) {
    return;
  }
  absl::Duration parsed;
  if (!absl::ParseDuration(*text, &parsed) || parsed < absl::ZeroDuration()) {
    state_->Fail(state_->Find(key), key, "must be a duration such as \"500ms\", \"2s\" or \"1h30m\"");
    return;
  }
  value = parsed;
}

void Section::Read(std::string_view key, std::vector<std::string>& value) {
  state_->Note(key, "list of strings", absl::StrCat("[", absl::StrJoin(value, ", ", AppendQuoted), "]"));
  const toml::node* node = state_->Find(key);
  if (node == nullptr) {
    return;
  }
  const toml::array* array = node->as_array();
  std::vector<std::string> read;
  if (array != nullptr) {
    for (const toml::node& element : *array) {
      if (const auto text = element.value_exact<std::string>()) {
        read.push_back(*text);
      }
    }
  }
  if (array == nullptr || read.size() != array->size()) {
    state_->Fail(node, key, "must be an array of strings");
    return;
  }
  value = std::move(read);
}

void Section::Read(std::string_view key, std::map<std::string, std::string>& value) {
  KAWAT_CHECK(value.empty(), "a table of strings has no default but the empty one");
  state_->Note(key, "table of strings", "{}");
  const toml::node* node = state_->Find(key);
  if (node == nullptr) {
    return;
  }
  const toml::table* table = node->as_table();
  std::map<std::string, std::string> read;
  if (table != nullptr) {
    for (const auto& [name, element] : *table) {
      if (const auto text = element.value_exact<std::string>()) {
        read.emplace(std::string(name.str()), *text);
      }
    }
  }
  if (table == nullptr || read.size() != table->size()) {
    state_->Fail(node, key, "must be a table of strings");
    return;
  }
  value = std::move(read);
}

Section Section::At(std::string_view key) {
  const toml::node* node = state_->Find(key);
  const toml::table* table = node == nullptr ? nullptr : node->as_table();
  if (node != nullptr && table == nullptr) {
    state_->Fail(node, key, "must be a table");
  }
  return Section(state_->Below(key, table));
}

std::vector<Section> Section::Each(std::string_view key) {
  std::vector<Section> sections;
  const toml::node* node = state_->Find(key);
  if (node == nullptr) {
    return sections;
  }
  const toml::array* array = node->as_array();
  if (array != nullptr) {
    for (const toml::node& element : *array) {
      if (element.is_table()) {
        sections.push_back(
            Section(state_->Below(absl::StrCat(std::string(key), "[", sections.size(), "]"), element.as_table())));
      }
    }
  }
  if (array == nullptr || sections.size() != array->size()) {
    state_->Fail(node, key, absl::StrCat("must be an array of tables, written as [[", state_->Name(key), "]]"));
  }
  return sections;
}

void Section::Ignore(std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    state_->known.insert(std::string(key));
  }
}

absl::Status Section::Finish() {
  KAWAT_RETURN_IF_ERROR(state_->error);
  for (const std::shared_ptr<State>& child : state_->below) {
    KAWAT_RETURN_IF_ERROR(child->error);
  }
  if (state_->table != nullptr) {
    for (const auto& [key, node] : *state_->table) {
      if (!state_->known.contains(std::string(key.str()))) {
        return absl::InvalidArgumentError(absl::StrCat(
            PlaceOf(&node, state_->file->name), ": unknown key \"", absl::Utf8SafeCHexEscape(state_->Name(key.str())),
            "\"", Suggestion(key.str(), {state_->known.begin(), state_->known.end()})));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status Section::Wrong(std::string_view key, std::string_view why) const {
  const toml::node* node = state_->table == nullptr ? nullptr : state_->table->get(key);
  return absl::InvalidArgumentError(
      absl::StrCat(PlaceOf(node, state_->file->name), ": ", state_->Name(key), " ", std::string(why)));
}

absl::StatusOr<Toml> Toml::Parse(std::string_view text, std::string_view name) {
  auto file = std::make_shared<File>();
  file->name = std::string(name);
  KAWAT_ASSIGN_OR_RETURN(file->table, ParseTomlText(text, name));
  return Toml(std::move(file));
}

absl::StatusOr<Toml> Toml::ParseFile(const std::filesystem::path& path) {
  absl::StatusOr<std::string> text = ReadFile(path, kMaxFileBytes);
  if (!text.ok()) {  // whatever the reason, starting again with the same flags does not help
    return absl::InvalidArgumentError(text.status().message());
  }
  KAWAT_ASSIGN_OR_RETURN(Toml toml, Parse(*text, path.string()));
  toml.file_->text = *std::move(text);
  return toml;
}

absl::StatusOr<Toml> Toml::Load(const std::filesystem::path& path, std::span<const std::string> settings) {
  absl::StatusOr<Toml> toml = path.empty() ? Parse("", "defaults") : ParseFile(path);
  KAWAT_RETURN_IF_ERROR(toml.status());
  for (const std::string& setting : settings) {
    KAWAT_ASSIGN_OR_RETURN(toml::table above, ParseSetting(setting));
    MergeTables(toml->file_->table, std::move(above));
  }
  toml->file_->path = path;
  toml->file_->settings = {settings.begin(), settings.end()};
  return toml;
}

absl::StatusOr<Toml> Toml::Again() const { return Load(file_->path, file_->settings); }

const std::string& Toml::text() const { return file_->text; }

const std::vector<ReadKey>& Toml::Reads() const { return file_->reads; }

Section Toml::Root() const {
  auto state = std::make_shared<Section::State>();
  state->file = file_;
  state->table = &file_->table;
  return Section(std::move(state));
}

Section Toml::At(std::string_view key) const {
  Section root = Root();
  Section section = root.At(key);
  if (section.state_->error.ok()) {
    section.state_->error = root.state_->error;
  }
  return section;
}

std::vector<std::string> ChangedKeys(const Toml& before, const Toml& after) {
  std::vector<std::string> changed;
  std::set<std::string> seen;
  for (const Toml* toml : {&before, &after}) {
    for (const ReadKey& read : toml->Reads()) {
      const std::string key = read.key.substr(0, read.key.find('['));
      if (seen.insert(key).second && ValueAsText(before.file_->table, key) != ValueAsText(after.file_->table, key)) {
        changed.push_back(key);
      }
    }
  }
  return changed;
}

}  // namespace kawat::base
