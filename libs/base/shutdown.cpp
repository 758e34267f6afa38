#include "base/shutdown.h"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace kawat::base {

struct Shutdown::State {
  mutable absl::Mutex mutex;
  bool requested ABSL_GUARDED_BY(mutex) = false;
  std::vector<std::function<void()>> callbacks ABSL_GUARDED_BY(mutex);
};

Shutdown::Shutdown() : state_(std::make_unique<State>()) {}
Shutdown::~Shutdown() = default;

void Shutdown::Request() {
  std::vector<std::function<void()>> callbacks;
  {
    absl::MutexLock lock(&state_->mutex);
    if (state_->requested) {
      return;
    }
    state_->requested = true;
    callbacks = state_->callbacks;
  }
  for (const auto& callback : callbacks) {
    callback();
  }
}

bool Shutdown::requested() const {
  absl::MutexLock lock(&state_->mutex);
  return state_->requested;
}

bool Shutdown::WaitFor(absl::Duration patience) const {
  absl::MutexLock lock(&state_->mutex);
  state_->mutex.AwaitWithTimeout(absl::Condition(&state_->requested), patience);
  return state_->requested;
}

void Shutdown::Wait() const { WaitFor(absl::InfiniteDuration()); }

void Shutdown::OnRequest(std::function<void()> callback) {
  {
    absl::MutexLock lock(&state_->mutex);
    if (!state_->requested) {
      state_->callbacks.push_back(std::move(callback));
      return;
    }
  }
  callback();
}

void RequestOnSignals(Shutdown& shutdown) {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread([signals, &shutdown] {
    int number = 0;
    sigwait(&signals, &number);
    std::thread([&shutdown] { shutdown.Request(); }).detach();
    sigwait(&signals, &number);
    _exit(1);
  }).detach();
}

void KeepReloadSignal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace kawat::base
