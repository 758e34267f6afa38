// A request to stop, seen by all threads of a process.
#pragma once

#include <functional>
#include <memory>

#include "absl/time/time.h"

namespace kawat::base {

// Threads: any. Callbacks run once, on the thread that calls Request(), or at once when it was already requested.
class Shutdown {
 public:
  Shutdown();
  ~Shutdown();
  Shutdown(const Shutdown&) = delete;
  Shutdown& operator=(const Shutdown&) = delete;

  void Request();
  bool requested() const;

  // True once requested; false after `patience`.
  bool WaitFor(absl::Duration patience) const;
  void Wait() const;

  // `callback` must not block. It is kept until this object ends.
  void OnRequest(std::function<void()> callback);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// SIGTERM and SIGINT call shutdown.Request(); a second one ends the process at once with exit code 1. SIGPIPE is
// ignored. Call before any thread is started: the signals are blocked in this thread and in all that it starts.
// `shutdown` must live as long as the process.
void RequestOnSignals(Shutdown& shutdown);

// SIGHUP waits for who reads the configuration again (runtime::Reload): it is blocked in this thread and in all that it
// starts. Call before any thread is started, in programs that have such a reader.
void KeepReloadSignal();

}  // namespace kawat::base
