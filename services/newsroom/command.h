// The newsroom on a command line: its flags, and what it prints. kawat-newsroom and `kawat newsroom` share it.
#pragma once

#include "services/newsroom/check.h"
#include "services/newsroom/newsroom.h"

namespace CLI {
class App;
}

namespace kawat::newsroom {

// Flags into `options`, which must outlive the parsing.
void AddServeFlags(CLI::App& app, Options& options);

// The subcommand `check`, its flags into `options`, which must outlive the parsing.
struct CheckFlags {
  CheckOptions options;
  bool json = false;
};
CLI::App* AddCheck(CLI::App& app, CheckFlags& flags);

// Serves until SIGTERM or SIGINT. Prints the address. Returns the exit code (base/main.h). Starts threads: call it
// first.
int Serve(const Options& options);

// Prints the report. 0: no difference; 1: some, or something could not be asked.
int RunCheck(const CheckFlags& flags);

}  // namespace kawat::newsroom
