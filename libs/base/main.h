// What all service mains share: flags, signals, exit codes.
#pragma once

#include <functional>
#include <string_view>

#include "absl/status/status.h"
#include "base/config.h"
#include "base/shutdown.h"

namespace kawat::base {

// Exit codes of every kawat process.
inline constexpr int kExitOk = 0;      // asked to stop, and stopped
inline constexpr int kExitFailed = 1;  // failed; starting again may help
inline constexpr int kExitCannotMend =
    78;  // configuration, port in use, folder not writable or damaged: starting again does not help (EX_CONFIG)

// InvalidArgument, FailedPrecondition, AlreadyExists, PermissionDenied, DataLoss are what a restart cannot mend.
int ExitCodeOf(const absl::Status& status);

// Parses --config FILE, --set KEY=VALUE, --check-config, --version and --help, turns SIGTERM and SIGINT into a
// shutdown, runs `run` and returns its exit code; an error is one line on stderr. A stop that takes longer than 10 s
// ends the process with _exit(1).
int Main(int argc, char** argv, std::string_view name, const std::function<absl::Status(const Toml&, Shutdown&)>& run,
         const std::function<absl::Status(const Toml&)>& check);

// Lets the process open as many files and connections as the system allows it. Main calls it.
void RaiseFileLimit();

// Ends the process with exit code 1 if it still runs `patience` after the shutdown was requested. Call once.
void EndIfStoppingHangs(Shutdown& shutdown, absl::Duration patience);

}  // namespace kawat::base
