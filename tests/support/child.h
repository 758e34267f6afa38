// A child process of a test's own: started from a program in the build's bin folder, spoken to through its standard
// output, killed at the end of its scope.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace kawat::support {

class Child {
 public:
  // `program` is a name in KAWAT_BIN_DIR (build/dev/bin by default).
  Child(const std::string& program, const std::vector<std::string>& arguments);
  ~Child();  // SIGKILL, if it still runs
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // The next line of its standard output, without its end; nullopt at the end of the output. Waits for it.
  std::optional<std::string> ReadLine();

  void Kill();  // SIGKILL
  int Wait();   // its exit code, or minus the signal that ended it

 private:
  pid_t pid_ = -1;
  std::FILE* output_ = nullptr;
  std::optional<int> exit_code_;
};

}  // namespace kawat::support
