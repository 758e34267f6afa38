// Reads the configuration again while the program runs: on SIGHUP, and within 5 s after the file's content changed
// (Kubernetes swaps a link). What can change is applied; of the rest it says what needs a restart. A file that is wrong
// is refused with its sentence, and what runs goes on.
//
//   Reload reload(toml, shutdown, check, {LogLevel(), {"sources", [&](const base::Toml& toml) { ... }}});
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/config.h"
#include "base/shutdown.h"

namespace kawat::runtime {

struct ReloadablePart {
  std::string key;                                       // "log.level"; "sources" for all of [[sources]]
  std::function<absl::Status(const base::Toml&)> apply;  // on a file that was checked
};

// The level of log lines, as every program has it.
ReloadablePart LogLevel();

class Reload {
 public:
  // Starts a thread, in which all is called. `toml` is what runs, read by the program's parsers; `check` reads a file
  // as the program did at its start. The process has called base::KeepReloadSignal. `shutdown` must outlive it.
  Reload(const base::Toml& toml, base::Shutdown& shutdown, std::function<absl::Status(const base::Toml&)> check,
         std::vector<ReloadablePart> parts);
  ~Reload();  // requests the shutdown, and waits for a part that is being applied
  Reload(const Reload&) = delete;
  Reload& operator=(const Reload&) = delete;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace kawat::runtime
