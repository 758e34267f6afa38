// TOML into typed structs. A wrong type, a value out of range and an unknown key are errors that name file, line and
// key; an unknown key names the nearest known one.
//
//   FetchConfig config;                                    // its defaults are the program's
//   base::Section section = toml.At("fetch");              // absent: as if empty
//   section.Read("timeout", config.timeout);               // "2s"; absent keeps the default
//   section.Read("max_body_bytes", config.max_body_bytes, {.min = 1});
//   KAWAT_RETURN_IF_ERROR(section.Finish());               // the first error, or the first unknown key
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace kawat::base {

struct Range {
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

// A key that was read, whether or not the file has it.
struct ReadKey {
  std::string key;            // "fetch.delay"; "sources[].id" in an array of tables
  std::string type;           // bool, integer, string, duration, list of strings, table of strings
  std::string default_value;  // as TOML: what the value was before
  Range range;
};

// One table of a file. Copies share the file; one thread.
class Section {
 public:
  // Each Read marks `key` as known. Absent: `value` stays.
  void Read(std::string_view key, bool& value);
  void Read(std::string_view key, std::int64_t& value, Range range = {});
  void Read(std::string_view key, int& value, Range range = {});
  void Read(std::string_view key, std::string& value);
  void Read(std::string_view key, absl::Duration& value);  // "50ms", "1s", "2h45m"; not negative
  void Read(std::string_view key, std::vector<std::string>& value);
  void Read(std::string_view key, std::map<std::string, std::string>& value);  // a table of strings

  // A table below this one; the tables of an array of tables. Absent: an empty section, no sections.
  Section At(std::string_view key);
  std::vector<Section> Each(std::string_view key);

  // Keys that others read: known here, whatever they hold.
  void Ignore(std::initializer_list<std::string_view> keys);

  // The first error of this section's reads and of those one level below it, else an unknown key of this table, else
  // OK. InvalidArgument. Unknown keys of a table below are found by its own Finish.
  absl::Status Finish();

  // An InvalidArgument that begins with where `key` stands, for checks of the caller's own.
  absl::Status Wrong(std::string_view key, std::string_view why) const;

 private:
  friend class Toml;
  struct State;
  explicit Section(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

// A parsed file.
class Toml {
 public:
  // `name` stands before the line in errors. InvalidArgument.
  static absl::StatusOr<Toml> Parse(std::string_view text, std::string_view name);
  static absl::StatusOr<Toml> ParseFile(const std::filesystem::path& path);

  // What a process is told: the file, or without one ("") the defaults, and on top of it settings of the command line,
  // "fetch.instance=3", of which the last on a key counts. Errors say "--set" in the file's place. InvalidArgument.
  static absl::StatusOr<Toml> Load(const std::filesystem::path& path, std::span<const std::string> settings);

  // The same file and settings, read again now.
  absl::StatusOr<Toml> Again() const;

  // The file's text as it was read; "" without a file.
  const std::string& text() const;

  // The file's top table, and a table of it. Each call starts with no key marked as known.
  Section Root() const;
  Section At(std::string_view key) const;

  // What has been read so far through all its sections, each key once, in the order of reading.
  const std::vector<ReadKey>& Reads() const;

  struct File;  // opaque

 private:
  friend std::vector<std::string> ChangedKeys(const Toml& before, const Toml& after);
  explicit Toml(std::shared_ptr<File> file) : file_(std::move(file)) {}
  std::shared_ptr<File> file_;
};

// The keys that were read of either (Toml::Reads) and have another value in `after`; an array of tables counts as one
// key.
std::vector<std::string> ChangedKeys(const Toml& before, const Toml& after);

}  // namespace kawat::base
