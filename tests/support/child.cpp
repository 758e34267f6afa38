#include "tests/support/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "base/check.h"

namespace kawat::support {
namespace {

std::string BinFolder() {
  const char* set =
      std::getenv("KAWAT_BIN_DIR");  // NOLINT(concurrency-mt-unsafe): tests do not change their environment
  return set == nullptr ? "build/dev/bin" : set;
}

}  // namespace

Child::Child(const std::string& program, const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {BinFolder() + "/" + program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  int ends[2];
  KAWAT_CHECK(::pipe2(ends, O_CLOEXEC) == 0, "no pipe");
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const int error = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  KAWAT_CHECK(error == 0, argv[0]);
  ::close(ends[1]);
  output_ = ::fdopen(ends[0], "r");
  KAWAT_CHECK(output_ != nullptr, "no stream");
}

Child::~Child() {
  if (!exit_code_) {
    Kill();
    Wait();
  }
  std::fclose(output_);
}

std::optional<std::string> Child::ReadLine() {
  std::string line;
  for (int c = std::fgetc(output_); c != EOF; c = std::fgetc(output_)) {
    if (c == '\n') {
      return line;
    }
    line.push_back(static_cast<char>(c));
  }
  return std::nullopt;  // what has no end of line was cut by a kill
}

void Child::Kill() {
  if (!exit_code_) {
    ::kill(pid_, SIGKILL);
  }
}

int Child::Wait() {
  if (!exit_code_) {
    int status = 0;
    KAWAT_CHECK(::waitpid(pid_, &status, 0) == pid_, "waitpid");
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  return *exit_code_;
}

}  // namespace kawat::support
