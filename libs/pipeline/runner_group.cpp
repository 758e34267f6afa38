#include "pipeline/runner_group.h"

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"

namespace kawat::pipeline {

struct RunnerGroup::State {
  absl::Mutex mutex;
  absl::CondVar changed;
  bool stop ABSL_GUARDED_BY(mutex) = false;
  std::size_t running ABSL_GUARDED_BY(mutex) = 0;
  absl::Status first_error ABSL_GUARDED_BY(mutex);

  void Stop(const absl::Status& why) {
    const absl::MutexLock lock(&mutex);
    stop = true;
    first_error.Update(why);
    changed.SignalAll();
  }
};

RunnerGroup::RunnerGroup() : state_(std::make_shared<State>()) {}
RunnerGroup::~RunnerGroup() = default;

void RunnerGroup::Add(std::unique_ptr<StageRunner> runner) { runners_.push_back(std::move(runner)); }

absl::Status RunnerGroup::Run(base::Shutdown& shutdown, absl::Duration patience) {
  shutdown.OnRequest([state = state_] { state->Stop(absl::OkStatus()); });
  {
    const absl::MutexLock lock(&state_->mutex);
    state_->running = runners_.size();
  }
  std::vector<std::thread> threads;
  threads.reserve(runners_.size());
  for (const auto& runner : runners_) {
    threads.emplace_back([state = state_, runner = runner.get()] {
      const absl::Status status = runner->Run();
      state->Stop(status);
      const absl::MutexLock lock(&state->mutex);
      --state->running;
      state->changed.SignalAll();
    });
  }
  const auto stop_all = [this] {
    for (const auto& runner : runners_) {
      runner->Stop();
    }
  };
  {
    const absl::MutexLock lock(&state_->mutex);
    while (!state_->stop) {
      state_->changed.Wait(&state_->mutex);
    }
  }
  stop_all();
  {
    const absl::MutexLock lock(&state_->mutex);
    const absl::Time deadline = absl::Now() + patience;
    while (state_->running > 0 && !state_->changed.WaitWithDeadline(&state_->mutex, deadline)) {
    }
  }
  stop_all();
  for (std::thread& thread : threads) {
    thread.join();
  }
  const absl::MutexLock lock(&state_->mutex);
  return state_->first_error;
}

absl::Status RunnerGroup::Live(absl::Duration limit) const {
  const absl::Time now = base::SystemClock().Now();
  for (const auto& runner : runners_) {
    if (const absl::Time turned = runner->last_turn(); turned != absl::InfinitePast() && now - turned > limit) {
      return absl::UnavailableError(
          absl::StrCat("a loop has stood still since ", absl::FormatTime(turned, absl::UTCTimeZone())));
    }
  }
  return absl::OkStatus();
}

absl::Status RunnerGroup::Started() const {
  for (const auto& runner : runners_) {
    if (runner->last_turn() == absl::InfinitePast()) {
      return absl::UnavailableError("waiting for the log");
    }
  }
  return absl::OkStatus();
}

}  // namespace kawat::pipeline
