#include "cli/supervisor.h"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <ctime>

#include "absl/time/clock.h"
#include "base/main.h"
#include "cli/child.h"

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

// True once the child has ended; its exit code, or 128 + the signal's number, in `code`.
bool HasEnded(pid_t child, int& code) {
  int status = 0;
  if (::waitpid(child, &status, WNOHANG) != child) {
    return false;
  }
  code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

int StopChild(pid_t child, absl::Duration patience) {
  ::kill(child, SIGTERM);
  int code = base::kExitFailed;
  for (const absl::Time deadline = absl::Now() + patience; absl::Now() < deadline;) {
    if (HasEnded(child, code)) {
      return code;
    }
    const int number = NextSignal(absl::Milliseconds(200));
    if (number == SIGTERM || number == SIGINT) {
      break;  // asked twice
    }
  }
  if (HasEnded(child, code)) {
    return code;
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  return base::kExitFailed;
}

bool AskedToStop(int signal_number) { return signal_number == SIGTERM || signal_number == SIGINT; }

}  // namespace

int Supervise(const SupervisorOptions& options) {
  const sigset_t signals = Signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  LetChildrenDieWithMe();
  absl::Duration wait = options.first_wait;
  while (true) {
    const absl::Time started = absl::Now();
    const pid_t child = StartChild(options.arguments);
    if (child < 0) {
      std::perror("kawat: cannot start its child");
      return base::kExitFailed;
    }
    int code = 0;
    while (!HasEnded(child, code)) {
      const int number = NextSignal(absl::Seconds(1));
      if (AskedToStop(number)) {
        return StopChild(child, options.patience);
      }
      if (number == SIGHUP) {  // the child reads its configuration again
        ::kill(child, SIGHUP);
      }
    }
    if (code == base::kExitOk || code == base::kExitCannotMend) {
      return code;
    }
    wait = absl::Now() - started >= options.long_run ? options.first_wait : wait;
    std::fprintf(stderr, "kawat: its child ended with code %d; starting it again in %s\n", code,
                 absl::FormatDuration(wait).c_str());
    for (const absl::Time deadline = absl::Now() + wait; absl::Now() < deadline;) {
      if (AskedToStop(NextSignal(deadline - absl::Now()))) {
        return base::kExitOk;
      }
    }
    wait = std::min(2 * wait, options.longest_wait);
  }
}

}  // namespace kawat::cli
