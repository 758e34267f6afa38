// Structured logs: a sentence and its fields, one line each on stderr, as text or JSON.
//
//   telemetry::Info("listening", {{"address", address}});
//   telemetry::Warn("refused a record", {{"origin", bus::FormatOrigin(origin)}, {"reason", "bad_encoding"}});
//
// A line that concerns a record carries its origin. Values from outside are escaped, so that they cannot begin a line.
// Threads: any. Before InitLog lines of level info and above are written as text.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/config.h"

namespace kawat::telemetry {

struct LogConfig {
  std::string level = "info";   // debug, info, warn, error
  std::string format = "text";  // text, json
};

// The table [log]. InvalidArgument.
absl::StatusOr<LogConfig> ParseLogConfig(const base::Toml& toml);

// Once a process, before it has threads. `program` stands in every line: "kawat-fetch". InvalidArgument.
absl::Status InitLog(const LogConfig& config, std::string_view program);

// Both at once, for a service's main.
absl::Status InitLog(const base::Toml& toml, std::string_view program);

// Changes the level to what [log] says now. Any time, any thread. InvalidArgument.
absl::Status SetLogLevel(const base::Toml& toml);

// A key and a value; the value is copied.
struct Field {
  template <class Value>
  Field(std::string_view name, const Value& of) : key(name) {  // NOLINT(google-explicit-constructor): written in braces
    if constexpr (std::same_as<Value, bool>) {
      Literal(of ? "true" : "false");
    } else if constexpr (std::integral<Value>) {
      Literal(std::to_string(of));
    } else {
      Text(of);
    }
  }

  std::string_view key;
  std::string value;
  bool is_literal = false;  // a number or a truth value: written without quotes

 private:
  void Literal(std::string text) {
    value = std::move(text);
    is_literal = true;
  }
  void Text(std::string_view text) { value = text; }
  void Text(double number);
  void Text(absl::Duration duration);  // seconds
  void Text(absl::Time time);          // RFC 3339, UTC
  void Text(const absl::Status& status);
};
using Fields = std::initializer_list<Field>;

void Debug(std::string_view message, Fields fields = {});
void Info(std::string_view message, Fields fields = {});
void Warn(std::string_view message, Fields fields = {});
void Error(std::string_view message, Fields fields = {});

}  // namespace kawat::telemetry
