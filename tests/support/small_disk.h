// A disk of a few MiB for the calling process alone: a tmpfs in a mount namespace of its own. Call it in a child,
// before any thread starts.
#pragma once

#include <sched.h>
#include <sys/mount.h>

#include <string>

namespace kawat::support {

// False where the kernel does not allow it. `options`: "size=8m", "size=8m,ro" ...
inline bool MountSmallDisk(const std::string& path, const std::string& options, unsigned long flags = 0) {
  return (::unshare(CLONE_NEWNS) == 0 || ::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) &&
         ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("tmpfs", path.c_str(), "tmpfs", flags, options.c_str()) == 0;
}

}  // namespace kawat::support
