#include "tests/support/faults.h"

namespace kawat::support {

void Faults::FailCall(int nth) {
  absl::MutexLock lock(&mutex_);
  fail_at_ = all_calls_ + nth;
}

void Faults::FailCall(Call call, int nth) {
  absl::MutexLock lock(&mutex_);
  fail_kind_at_[call] = calls_[call] + nth;
}

void Faults::SetFate(Fate fate) {
  absl::MutexLock lock(&mutex_);
  fate_ = fate;
}

void Faults::Forget() {
  absl::MutexLock lock(&mutex_);
  fail_at_.reset();
  fail_kind_at_.clear();
  fate_ = Fate::kLost;
  fired_ = 0;
}

int Faults::fired() const {
  absl::MutexLock lock(&mutex_);
  return fired_;
}

Fate Faults::fate() const {
  absl::MutexLock lock(&mutex_);
  return fate_;
}

absl::Status Faults::OnCall(Call call) {
  absl::MutexLock lock(&mutex_);
  const int of_kind = ++calls_[call];
  if (call != Call::kPoll) {
    ++all_calls_;
  }
  const auto kind = fail_kind_at_.find(call);
  const bool kind_fails = kind != fail_kind_at_.end() && kind->second == of_kind;
  const bool any_fails = call != Call::kPoll && fail_at_ == all_calls_;
  if (!kind_fails && !any_fails) {
    return absl::OkStatus();
  }
  ++fired_;
  return absl::UnavailableError("injected fault");
}

}  // namespace kawat::support
