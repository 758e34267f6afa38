#include "base/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace kawat::base {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kProbeBytes = 64 << 10;  // an empty file can be made on a full disk

absl::Status Problem(std::string_view what, const fs::path& path, int error) {
  return absl::ErrnoToStatus(error, absl::StrCat(std::string(what), " ", path.string()));
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const fs::path& path, std::size_t limit_bytes) {
  std::error_code code;
  if (fs::is_directory(path, code)) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), " is a folder, not a file"));
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Problem("cannot read", path, errno);
  }
  std::string content;
  char buffer[64 * 1024];
  while (file.read(buffer, sizeof buffer) || file.gcount() > 0) {
    content.append(buffer, static_cast<std::size_t>(file.gcount()));
    if (content.size() > limit_bytes) {
      return absl::ResourceExhaustedError(
          absl::StrCat(path.string(), " is longer than the limit of ", limit_bytes, " bytes"));
    }
  }
  return content;
}

absl::Status WriteFileAtomically(const fs::path& path, std::string_view content) {
  const fs::path draft = path.string() + ".tmp." + std::to_string(::getpid());
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) {
    return Problem("cannot write", draft, errno);
  }
  std::size_t done = 0;
  int error = 0;
  while (done < content.size() && error == 0) {
    const ssize_t n = ::write(fd, content.data() + done, content.size() - done);
    if (n >= 0) {
      done += static_cast<std::size_t>(n);
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  if (error == 0 && ::fsync(fd) != 0) {
    error = errno;
  }
  ::close(fd);
  if (error == 0 && ::rename(draft.c_str(), path.c_str()) != 0) {
    error = errno;
  }
  if (error != 0) {
    ::unlink(draft.c_str());
    return Problem("cannot write", path, error);
  }
  return absl::OkStatus();
}

absl::Status MakeWritableFolder(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  absl::Status written = code ? Problem("cannot make folder", path, code.value())
                              : WriteFileAtomically(path / ".writable", std::string(kProbeBytes, ' '));
  if (!written.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("data folder ", path.string(), " cannot be written (", std::string(written.message()),
                     "); make it writable for this user, free disk space, or choose another with --data"));
  }
  fs::remove(path / ".writable", code);
  return absl::OkStatus();
}

}  // namespace kawat::base
