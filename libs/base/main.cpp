#include "base/main.h"

#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "base/set_flag.h"
#include "base/version.h"

namespace kawat::base {
namespace {

int Report(std::string_view name, const absl::Status& status) {
  if (!status.ok()) {
    std::fprintf(stderr, "%.*s: %s\n", static_cast<int>(name.size()), name.data(),
                 std::string(status.message()).c_str());
  }
  return ExitCodeOf(status);
}

}  // namespace

int ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kExitOk;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kDataLoss:
      return kExitCannotMend;
    default:
      return kExitFailed;
  }
}

void RaiseFileLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

void EndIfStoppingHangs(Shutdown& shutdown, absl::Duration patience) {
  shutdown.OnRequest([patience] {
    std::thread([patience] {
      absl::SleepFor(patience);
      std::fprintf(stderr, "stopping took longer than %s; ending now\n", absl::FormatDuration(patience).c_str());
      _exit(kExitFailed);
    }).detach();
  });
}

int Main(int argc, char** argv, std::string_view name, const std::function<absl::Status(const Toml&, Shutdown&)>& run,
         const std::function<absl::Status(const Toml&)>& check) {
  CLI::App app{std::string(name) + ", a service of kawat; see docs/operations.md"};
  std::string config_path;
  std::vector<std::string> settings;
  bool check_only = false;
  app.add_option("--config", config_path, "TOML file; all settings have defaults");
  AddSetFlag(app, settings);
  app.add_flag("--check-config", check_only, "Check the configuration and exit");
  app.set_version_flag("--version", std::string(kVersion));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitCannotMend;
  }
  RaiseFileLimit();
  static Shutdown shutdown;  // outlives the signal thread
  absl::StatusOr<Toml> toml = Toml::Load(config_path, settings);
  if (!toml.ok()) {
    return Report(name, toml.status());
  }
  if (absl::Status status = check(*toml); !status.ok() || check_only) {
    return Report(name, status);
  }
  KeepReloadSignal();
  RequestOnSignals(shutdown);
  EndIfStoppingHangs(shutdown, absl::Seconds(10));
  const absl::Status status = run(*toml, shutdown);
  return Report(name, absl::IsCancelled(status) && shutdown.requested() ? absl::OkStatus() : status);
}

}  // namespace kawat::base
