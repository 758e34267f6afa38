// Children of this program, which end when it does.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace kawat::cli {

inline constexpr char kOwnExecutable[] = "/proc/self/exe";

// Starts `kawat ARGUMENTS`, with no signal blocked, in a process group of its own: a terminal's Ctrl-C reaches it once,
// through its parent. Returns its id, or -1 with errno set.
pid_t StartChild(const std::vector<std::string>& arguments, const std::string& program = kOwnExecutable);

// Children that this process starts from now on call DieWithParent in their main, and so end when it ends, however it
// ends. Call before any thread is started.
void LetChildrenDieWithMe();

// The process is killed when its parent dies, if that parent asked for it. Call first in main.
void DieWithParent();

}  // namespace kawat::cli
