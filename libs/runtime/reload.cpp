#include "runtime/reload.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "telemetry/log.h"

namespace kawat::runtime {
namespace {

constexpr absl::Duration kLookEvery = absl::Seconds(5);

enum class Wake { kSignal, kHangup, kTime };

Wake WaitForSignal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGHUP);
  siginfo_t info{};
  const timespec patience = absl::ToTimespec(kLookEvery);
  if (::sigtimedwait(&signals, &info, &patience) != SIGHUP) {
    return Wake::kTime;
  }
  return info.si_code == SI_KERNEL ? Wake::kHangup : Wake::kSignal;  // the kernel's: the terminal is gone
}

}  // namespace

struct Reload::State {
  State(base::Toml toml, base::Shutdown& stop) : running(std::move(toml)), shutdown(stop) {}

  void Run();
  void Again(bool asked);
  void Apply(const base::Toml& next);

  base::Toml running;
  std::string seen = running.text();  // the file, when it was last looked at
  base::Shutdown& shutdown;
  std::function<absl::Status(const base::Toml&)> check;
  std::vector<ReloadablePart> parts;
  absl::Mutex mutex;
  bool ended ABSL_GUARDED_BY(mutex) = false;
  std::thread thread;
};

void Reload::State::Run() {
  while (!shutdown.requested()) {
    const Wake wake = WaitForSignal();
    if (wake == Wake::kHangup) {
      shutdown.Request();
    } else if (!shutdown.requested()) {
      Again(wake == Wake::kSignal);
    }
  }
  const absl::MutexLock lock(&mutex);
  ended = true;
}

void Reload::State::Again(bool asked) {
  const absl::StatusOr<base::Toml> next = running.Again();
  if (next.ok() && !asked && next->text() == seen) {
    return;
  }
  const absl::Status status = next.ok() ? check(*next) : next.status();
  if (!status.ok()) {
    const std::string now = next.ok() ? next->text() : std::string(status.message());
    if (asked || now != seen) {  // once for each wrong file
      telemetry::Error("the configuration is refused, and what runs goes on", {{"error", status}});
    }
    seen = now;
    return;
  }
  seen = next->text();
  Apply(*next);
}

void Reload::State::Apply(const base::Toml& next) {
  const std::vector<std::string> changed = base::ChangedKeys(running, next);
  if (changed.empty()) {
    telemetry::Info("the configuration was read again; nothing that this program reads has changed");
  }
  bool all_applied = true;
  for (const std::string& key : changed) {
    const auto part = std::find_if(parts.begin(), parts.end(), [&](const auto& one) { return one.key == key; });
    if (part == parts.end()) {
      telemetry::Warn("a changed setting needs a restart", {{"key", key}});
    } else if (const absl::Status applied = part->apply(next); applied.ok()) {
      telemetry::Info("a changed setting was reloaded", {{"key", key}});
    } else {
      telemetry::Error("a changed setting could not be reloaded; SIGHUP tries again",
                       {{"key", key}, {"error", applied}});
      all_applied = false;
    }
  }
  if (all_applied) {
    running = next;
  }
}

ReloadablePart LogLevel() {
  return {"log.level", [](const base::Toml& toml) { return telemetry::SetLogLevel(toml); }};
}

Reload::Reload(const base::Toml& toml, base::Shutdown& shutdown, std::function<absl::Status(const base::Toml&)> check,
               std::vector<ReloadablePart> parts)
    : state_(std::make_shared<State>(toml, shutdown)) {
  state_->check = std::move(check);
  state_->parts = std::move(parts);
  state_->thread = std::thread([state = state_.get()] { state->Run(); });
  // Weak: the shutdown keeps its callbacks longer than this lives.
  shutdown.OnRequest([weak = std::weak_ptr<State>(state_)] {
    if (const std::shared_ptr<State> state = weak.lock(); state != nullptr) {
      const absl::MutexLock lock(&state->mutex);
      if (!state->ended) {
        ::pthread_kill(state->thread.native_handle(), SIGHUP);
      }
    }
  });
}

Reload::~Reload() {
  state_->shutdown.Request();  // its owner ends
  state_->thread.join();
}

}  // namespace kawat::runtime
