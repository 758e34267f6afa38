#include "telemetry/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status.h"
#include "telemetry/log_format.h"

namespace kawat::telemetry {
namespace {

// Set once by InitLog, before there are threads.
struct Log {
  Log() { logger->set_pattern("%v"); }
  std::shared_ptr<spdlog::logger> logger =
      std::make_shared<spdlog::logger>("kawat", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  std::string program;
  bool json = false;
};

Log& TheLog() {
  static Log& log = *new Log;  // never destroyed: threads may log while statics end
  return log;
}

void Write(spdlog::level::level_enum level, std::string_view name, std::string_view message, Fields fields) {
  const Log& log = TheLog();
  if (!log.logger->should_log(level)) {
    return;
  }
  const LogLine line{.time = base::SystemClock().Now(), .level = name, .program = log.program, .message = message};
  const std::string text = log.json ? FormatJson(line, fields) : FormatText(line, fields);
  log.logger->log(level, spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace

absl::StatusOr<LogConfig> ParseLogConfig(const base::Toml& toml) {
  LogConfig config;
  base::Section section = toml.At("log");
  section.Read("level", config.level);
  section.Read("format", config.format);
  KAWAT_RETURN_IF_ERROR(section.Finish());
  if (config.format != "text" && config.format != "json") {
    return section.Wrong("format", absl::StrCat("must be \"text\" or \"json\", not \"", config.format, "\""));
  }
  if (config.level != "debug" && config.level != "info" && config.level != "warn" && config.level != "error") {
    return section.Wrong(
        "level", absl::StrCat("must be \"debug\", \"info\", \"warn\" or \"error\", not \"", config.level, "\""));
  }
  return config;
}

absl::Status InitLog(const LogConfig& config, std::string_view program) {
  const spdlog::level::level_enum level = spdlog::level::from_str(config.level);
  if ((level == spdlog::level::off && config.level != "off") || (config.format != "text" && config.format != "json")) {
    return absl::InvalidArgumentError(absl::StrCat("no such log level or format: ", config.level, ", ", config.format));
  }
  Log& log = TheLog();
  log.logger->set_level(level);
  log.program = program;
  log.json = config.format == "json";
  return absl::OkStatus();
}

absl::Status InitLog(const base::Toml& toml, std::string_view program) {
  KAWAT_ASSIGN_OR_RETURN(const LogConfig config, ParseLogConfig(toml));
  return InitLog(config, program);
}

absl::Status SetLogLevel(const base::Toml& toml) {
  KAWAT_ASSIGN_OR_RETURN(const LogConfig config, ParseLogConfig(toml));
  TheLog().logger->set_level(spdlog::level::from_str(config.level));
  return absl::OkStatus();
}

void Debug(std::string_view message, Fields fields) { Write(spdlog::level::debug, "debug", message, fields); }
void Info(std::string_view message, Fields fields) { Write(spdlog::level::info, "info", message, fields); }
void Warn(std::string_view message, Fields fields) { Write(spdlog::level::warn, "warn", message, fields); }
void Error(std::string_view message, Fields fields) { Write(spdlog::level::err, "error", message, fields); }

}  // namespace kawat::telemetry
