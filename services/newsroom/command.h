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
void AddCheckFlags(CLI::App& app, CheckOptions& options, bool& json);

// Serves until SIGTERM or SIGINT. Prints the address. Returns the exit code (base/main.h). Starts threads: call it
// first.
int Serve(const Options& options);

// Prints the report. 0: no difference; 1: some, or something could not be asked.
int RunCheck(const CheckOptions& options, bool json);

}  // namespace kawat::newsroom
