#include "cli/child.h"

#include <spawn.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "base/main.h"

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace kawat::cli {
namespace {

constexpr char kParentVariable[] = "KAWAT_PARENT_PID";

}  // namespace

pid_t StartChild(const std::vector<std::string>& arguments, const std::string& program) {
  std::vector<char*> argv{const_cast<char*>("kawat")};
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  pid_t pid = -1;
  errno = posix_spawn(&pid, program.c_str(), nullptr, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  return errno == 0 ? pid : -1;
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
