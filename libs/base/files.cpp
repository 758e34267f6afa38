#include "base/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "absl/strings/str_cat.h"

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
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return Problem("cannot read", path, errno);
  }
  std::string content;
  char buffer[64 * 1024];
  ssize_t got = 0;
  int error = 0;
  do {
    got = ::read(fd, buffer, sizeof buffer);
    error = got < 0 ? errno : 0;
    content.append(buffer, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  } while ((got > 0 || error == EINTR) && content.size() <= limit_bytes);
  ::close(fd);
  if (error != 0) {
    return Problem("cannot read", path, error);
  }
  if (content.size() > limit_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat(path.string(), " is longer than the limit of ", limit_bytes, " bytes"));
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
  if (absl::IsResourceExhausted(written)) {
    return absl::ResourceExhaustedError(absl::StrCat("data folder ", path.string(), " has no room (",
                                                     std::string(written.message()),
                                                     "); free disk space, or choose another with --data"));
  }
  if (!written.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("data folder ", path.string(), " cannot be written (", std::string(written.message()),
                     "); make it writable for this user, or choose another with --data"));
  }
  fs::remove(path / ".writable", code);
  return absl::OkStatus();
}

}  // namespace kawat::base
