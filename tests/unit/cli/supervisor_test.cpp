#include "cli/supervisor.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <optional>

#include "base/files.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait.h"

namespace kawat::cli {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A supervisor in a process of its own, since it blocks signals and waits; what it writes goes into a file.
class Parent {
 public:
  // The child is `/bin/sh -c SCRIPT`, in which $STARTS is how often it was started.
  explicit Parent(const std::string& script, SupervisorOptions options = Quick()) {
    const std::string starts = (folder_.path() / "starts").string();
    options.program = "/bin/sh";
    options.arguments = {"-c", "echo >>" + starts + "; STARTS=$(wc -l <" + starts + "); " + script};
    pid_ = ::fork();
    if (pid_ == 0) {
      const int file = ::open(log().c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
      ::dup2(file, STDERR_FILENO);
      ::_exit(Supervise(options));
    }
  }
  ~Parent() {
    if (!code_) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  Parent(const Parent&) = delete;
  Parent& operator=(const Parent&) = delete;

  static SupervisorOptions Quick() {
    return {.first_wait = absl::Milliseconds(10), .longest_wait = absl::Milliseconds(40), .long_run = absl::Minutes(1)};
  }

  int ExitCode() {
    const bool ended = support::WaitUntil([this] {
      int status = 0;
      if (!code_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
        code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
      }
      return code_.has_value();
    });
    EXPECT_TRUE(ended) << Said();
    return code_.value_or(-1);
  }
  std::string Said() const { return base::ReadFile(log(), 1 << 20).value_or(""); }
  bool Says(const std::string& text) const {
    return support::WaitUntil([&] { return Said().find(text) != std::string::npos; });
  }
  std::ptrdiff_t Starts() const {
    const std::string lines = base::ReadFile((folder_.path() / "starts").string(), 1 << 20).value_or("");
    return std::count(lines.begin(), lines.end(), '\n');
  }
  void Signal(int number) const { ::kill(pid_, number); }

 private:
  std::string log() const { return (folder_.path() / "log").string(); }

  support::TempFolder folder_;
  pid_t pid_ = -1;
  std::optional<int> code_;
};

TEST(SupervisorTest, AChildThatEndedWellIsNotStartedAgain) {
  Parent parent("exit 0");
  EXPECT_EQ(parent.ExitCode(), 0);
  EXPECT_EQ(parent.Starts(), 1);
  EXPECT_THAT(parent.Said(), IsEmpty());
}

TEST(SupervisorTest, WhatARestartCannotMendEndsItAtOnce) {
  Parent parent("exit 78");
  EXPECT_EQ(parent.ExitCode(), 78);
  EXPECT_EQ(parent.Starts(), 1);
}

TEST(SupervisorTest, AChildThatCrashedIsStartedAgainAndTheSignalIsNamed) {
  Parent parent("[ $STARTS = 2 ] || kill -SEGV $$");
  EXPECT_EQ(parent.ExitCode(), 0);
  EXPECT_EQ(parent.Starts(), 2);
  EXPECT_THAT(parent.Said(),
              ContainsRegex("^kawat: its child was killed by SIGSEGV \\(11\\) after [0-9a-z.]+; starting "
                            "it again in 10ms \\(restart 1 of 20 in a row\\)\n$"));
}

TEST(SupervisorTest, AChildThatFailedIsStartedAgainAndTheExitCodeIsNamed) {
  Parent parent("[ $STARTS = 2 ] || exit 1");
  EXPECT_EQ(parent.ExitCode(), 0);
  EXPECT_THAT(parent.Said(), HasSubstr("its child ended with exit code 1 after"));
}

TEST(SupervisorTest, TheWaitDoublesUpToTheLongest) {
  Parent parent("[ $STARTS = 6 ] || exit 1");
  EXPECT_EQ(parent.ExitCode(), 0);
  EXPECT_THAT(parent.Said(), ContainsRegex("in 10ms [^\n]*\n[^\n]*in 20ms [^\n]*\n[^\n]*in 40ms [^\n]*\n"
                                           "[^\n]*in 40ms [^\n]*\n[^\n]*in 40ms [^\n]*\n$"));
}

TEST(SupervisorTest, TheWaitOfAChildThatCameUpDoesNotGrow) {
  SupervisorOptions options = Parent::Quick();
  options.long_run = absl::ZeroDuration();
  Parent parent("[ $STARTS = 4 ] || exit 1", options);
  EXPECT_EQ(parent.ExitCode(), 0);
  EXPECT_THAT(parent.Said(), Not(HasSubstr("in 20ms")));
  EXPECT_THAT(parent.Said(), HasSubstr("(restart 3 of 20 in a row)"));
}

TEST(SupervisorTest, ItGivesUpAfterSoManyRestartsInARow) {
  SupervisorOptions options = Parent::Quick();
  options.max_restarts = 3;
  Parent parent("exit 1", options);
  EXPECT_EQ(parent.ExitCode(), 1);
  EXPECT_EQ(parent.Starts(), 4);
  EXPECT_THAT(parent.Said(), HasSubstr("(restart 3 of 3 in a row)"));
  EXPECT_THAT(parent.Said(),
              ContainsRegex("ended with exit code 1 after [^\n]*; giving up, 3 restarts in a row did not "
                            "help: [^\n]*start kawat again\n$"));
}

TEST(SupervisorTest, ItGivesUpOnCrashesWithExitCode1Too) {
  SupervisorOptions options = Parent::Quick();
  options.max_restarts = 1;
  Parent parent("kill -ABRT $$", options);
  EXPECT_EQ(parent.ExitCode(), 1);
  EXPECT_THAT(parent.Said(), ContainsRegex("SIGABRT \\(6\\) after [^\n]*giving up[^\n]*core dump"));
}

TEST(SupervisorTest, AChildThatRanWellBeginsTheCountAnew) {
  SupervisorOptions options = Parent::Quick();
  options.max_restarts = 1;
  options.ran_well = absl::ZeroDuration();
  Parent parent("[ $STARTS = 5 ] || exit 1", options);
  EXPECT_EQ(parent.ExitCode(), 0);
  EXPECT_THAT(parent.Said(), Not(HasSubstr("restart 2")));
}

TEST(SupervisorTest, WithoutAMostItNeverGivesUp) {
  SupervisorOptions options = Parent::Quick();
  options.longest_wait = absl::Milliseconds(1);
  options.max_restarts = 0;
  Parent parent("[ $STARTS = 30 ] || exit 1", options);
  EXPECT_EQ(parent.ExitCode(), 0);
  EXPECT_EQ(parent.Starts(), 30);
  EXPECT_THAT(parent.Said(), HasSubstr("(restart 29 in a row)"));
}

TEST(SupervisorTest, SigtermDuringTheWaitEndsIt) {
  SupervisorOptions options = Parent::Quick();
  options.first_wait = options.longest_wait = absl::Hours(1);
  Parent parent("exit 1", options);
  ASSERT_TRUE(parent.Says("starting it again in 1h"));
  parent.Signal(SIGTERM);
  EXPECT_EQ(parent.ExitCode(), 0);
  EXPECT_EQ(parent.Starts(), 1);
}

TEST(SupervisorTest, SigtermIsPassedOnAndTheChildsCodeTaken) {
  Parent parent("trap 'exit 5' TERM; echo ready >&2; while :; do sleep 0.01; done");
  ASSERT_TRUE(parent.Says("ready"));
  parent.Signal(SIGTERM);
  EXPECT_EQ(parent.ExitCode(), 5);
}

TEST(SupervisorTest, AChildThatDoesNotStopIsKilled) {
  SupervisorOptions options = Parent::Quick();
  options.patience = absl::Milliseconds(50);
  Parent parent("trap '' TERM; echo ready >&2; while :; do sleep 0.01; done", options);
  ASSERT_TRUE(parent.Says("ready"));
  parent.Signal(SIGTERM);
  EXPECT_EQ(parent.ExitCode(), 1);
}

}  // namespace
}  // namespace kawat::cli
