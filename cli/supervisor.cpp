#include "cli/supervisor.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "absl/time/clock.h"
#include "base/main.h"

namespace kawat::cli {
namespace {

constexpr char kParentVariable[] = "KAWAT_PARENT_PID";

sigset_t Signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGCHLD}) {
    sigaddset(&signals, number);
  }
  return signals;
}

pid_t StartChild(const SupervisorOptions& options) {
  std::vector<char*> argv{const_cast<char*>("kawat")};
  for (const std::string& argument : options.arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setpgid(0, 0);  // so that a terminal's Ctrl-C reaches it once, through its parent
    const sigset_t signals = Signals();
    ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    ::execv("/proc/self/exe", argv.data());
    std::perror("kawat: cannot start its child");
    ::_exit(base::kExitCannotMend);
  }
  return pid;
}

// The next signal, or 0 after `patience`.
int NextSignal(absl::Duration patience) {
  const sigset_t signals = Signals();
  const timespec time = absl::ToTimespec(std::max(patience, absl::ZeroDuration()));
  const int number = ::sigtimedwait(&signals, nullptr, &time);
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
  if (!HasEnded(child, code)) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
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
    const pid_t child = StartChild(options);
    if (child < 0) {
      std::perror("kawat: cannot fork");
      return base::kExitFailed;
    }
    int code = 0;
    while (!HasEnded(child, code)) {
      if (AskedToStop(NextSignal(absl::Seconds(1)))) {
        return StopChild(child, options.patience);
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

void LetChildrenDieWithMe() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread
  ::setenv(kParentVariable, std::to_string(::getpid()).c_str(), 1);
}

void DieWithParent() {
  const char* parent = ::getenv(kParentVariable);  // NOLINT(concurrency-mt-unsafe): called before any thread starts
  if (parent == nullptr) {
    return;
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (std::to_string(::getppid()) != parent) {  // it died before the line above
    ::_exit(base::kExitFailed);
  }
}

}  // namespace kawat::cli
