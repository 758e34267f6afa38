#include "cli/supervisor.h"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/main.h"

namespace kawat::cli {
namespace {

sigset_t Signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) {
    sigaddset(&signals, number);
  }
  return signals;
}

// The next signal, or 0 after `patience`. A SIGHUP of the kernel's says that the terminal is gone: as SIGTERM.
int NextSignal(absl::Duration patience) {
  const sigset_t signals = Signals();
  const timespec time = absl::ToTimespec(std::max(patience, absl::ZeroDuration()));
  siginfo_t info{};
  const int number = ::sigtimedwait(&signals, &info, &time);
  if (number == SIGHUP && info.si_code == SI_KERNEL) {
    return SIGTERM;
  }
  return number > 0 ? number : 0;
}

bool AskedToStop(int signal_number) { return signal_number == SIGTERM || signal_number == SIGINT; }

// How a child ended.
struct End {
  int code = 0;    // its exit code, unless a signal ended it
  int signal = 0;  // that signal
};

// True once the child has ended.
bool HasEnded(pid_t child, End& end) {
  int status = 0;
  if (::waitpid(child, &status, WNOHANG) != child) {
    return false;
  }
  end = WIFSIGNALED(status) ? End{.signal = WTERMSIG(status)} : End{.code = WEXITSTATUS(status)};
  return true;
}

std::string InWords(const End& end) {
  if (end.signal == 0) {
    return absl::StrCat("ended with exit code ", end.code);
  }
  const char* name = ::sigabbrev_np(end.signal);
  return absl::StrCat("was killed by SIG", name == nullptr ? "?" : name, " (", end.signal, ")");
}

const char* WhatToDo(const End& end) {
  if (end.signal == 0) {
    return "its last lines above say why; mend that and start kawat again";
  }
  if (end.signal == SIGKILL) {
    return "look who killed it: the kernel does when memory runs out (dmesg says so); mend that and start kawat again";
  }
  return "it crashed: look at its last lines above and at its core dump (coredumpctl), and report both; a newer "
         "version "
         "may mend it";
}

int StopChild(pid_t child, absl::Duration patience) {
  ::kill(child, SIGTERM);
  End end;
  const auto code = [&end] { return end.signal == 0 ? end.code : base::kExitFailed; };
  for (const absl::Time deadline = absl::Now() + patience; absl::Now() < deadline;) {
    if (HasEnded(child, end)) {
      return code();
    }
    if (AskedToStop(NextSignal(absl::Milliseconds(200)))) {
      break;  // asked twice
    }
  }
  if (HasEnded(child, end)) {
    return code();
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  return base::kExitFailed;
}

// Counts failures, and says them.
class Failures {
 public:
  explicit Failures(const SupervisorOptions& options) : options_(options), wait_(options.first_wait) {}

  // The child ended so after `ran`. False: it is not to be started again.
  bool Note(const End& end, absl::Duration ran) {
    in_a_row_ = ran >= options_.ran_well ? 1 : in_a_row_ + 1;
    next_wait_ = ran >= options_.long_run ? options_.first_wait : wait_;
    wait_ = std::min(2 * next_wait_, options_.longest_wait);
    const std::string what = absl::StrCat("kawat: its child ", InWords(end), " after ",
                                          absl::FormatDuration(absl::Trunc(ran, absl::Milliseconds(100))));
    if (options_.max_restarts > 0 && in_a_row_ > options_.max_restarts) {
      std::fprintf(stderr, "%s; giving up, %d restarts in a row did not help: %s\n", what.c_str(),
                   options_.max_restarts, WhatToDo(end));
      return false;
    }
    const std::string most = options_.max_restarts > 0 ? absl::StrCat(" of ", options_.max_restarts) : "";
    std::fprintf(stderr, "%s; starting it again in %s (restart %d%s in a row)\n", what.c_str(),
                 absl::FormatDuration(next_wait_).c_str(), in_a_row_, most.c_str());
    return true;
  }
  absl::Duration next_wait() const { return next_wait_; }

 private:
  const SupervisorOptions& options_;
  int in_a_row_ = 0;
  absl::Duration wait_;
  absl::Duration next_wait_;
};

}  // namespace

int Supervise(const SupervisorOptions& options) {
  const sigset_t signals = Signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  LetChildrenDieWithMe();
  Failures failures(options);
  while (true) {
    const absl::Time started = absl::Now();
    const pid_t child = StartChild(options.arguments, options.program);
    if (child < 0) {
      std::perror("kawat: cannot start its child");
      return base::kExitFailed;
    }
    End end;
    while (!HasEnded(child, end)) {
      const int number = NextSignal(absl::Seconds(1));
      if (AskedToStop(number)) {
        return StopChild(child, options.patience);
      }
      if (number == SIGHUP) {  // the child reads its configuration again
        ::kill(child, SIGHUP);
      }
    }
    if (end.signal == 0 && (end.code == base::kExitOk || end.code == base::kExitCannotMend)) {
      return end.code;
    }
    if (!failures.Note(end, absl::Now() - started)) {
      return base::kExitFailed;
    }
    for (const absl::Time deadline = absl::Now() + failures.next_wait(); absl::Now() < deadline;) {
      if (AskedToStop(NextSignal(deadline - absl::Now()))) {
        return base::kExitOk;
      }
    }
  }
}

}  // namespace kawat::cli
