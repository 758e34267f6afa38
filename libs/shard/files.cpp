#include "shard/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/hash.h"
#include "base/status.h"

namespace kawat::shard {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kChunk = 1 << 20;
constexpr std::uintmax_t kReserveBytes = 256 << 20;

absl::Status Problem(std::string_view what, const fs::path& path, int error) {
  return absl::ErrnoToStatus(error, absl::StrCat(std::string(what), " ", path.string()));
}

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
  ~Descriptor() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

// `visit` is given the file piece by piece.
template <class Visit>
absl::Status Read(int fd, const fs::path& path, Visit visit) {
  const auto buffer = std::make_unique<char[]>(kChunk);
  while (true) {
    const ssize_t got = ::read(fd, buffer.get(), kChunk);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return Problem("cannot read", path, errno);
    }
    if (got == 0) {
      return absl::OkStatus();
    }
    KAWAT_RETURN_IF_ERROR(visit(std::string_view(buffer.get(), static_cast<std::size_t>(got))));
  }
}

absl::Status Write(int fd, const fs::path& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(fd, bytes.data(), bytes.size());
    if (done < 0 && errno != EINTR) {
      return Problem("cannot write", path, errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(done, 0)));
  }
  return absl::OkStatus();
}

// Into `copy`, if it is not below 0. DataLoss: it is another file than `file` says.
absl::Status ReadChecked(const fs::path& folder, const File& file, int copy, const fs::path& copy_path) {
  const fs::path path = folder / file.name;
  const Descriptor in(path, O_RDONLY | O_NOFOLLOW);
  if (in.get() < 0) {
    return errno == ENOENT ? absl::DataLossError(absl::StrCat(path.string(), " is missing"))
                           : Problem("cannot read", path, errno);
  }
  base::Sha256Stream hash;
  std::uint64_t bytes = 0;
  KAWAT_RETURN_IF_ERROR(Read(in.get(), path, [&](std::string_view part) {
    hash.Add(part);
    bytes += part.size();
    if (bytes > file.bytes) {
      return absl::DataLossError(absl::StrCat(path.string(), " is longer than its backup.json says"));
    }
    return copy < 0 ? absl::OkStatus() : Write(copy, copy_path, part);
  }));
  if (bytes != file.bytes || base::Hex(hash.Finish()) != file.sha256) {
    return absl::DataLossError(
        absl::StrCat(path.string(), " is not the file that was backed up: its size or SHA-256 is another"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<File>> ListAndSync(const fs::path& folder, const Cancelled& cancelled) {
  std::vector<File> files;
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    files.push_back({.name = it->path().filename().string()});
  }
  if (code) {
    return Problem("cannot read", folder, code.value());
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.name < b.name; });
  for (File& file : files) {
    const fs::path path = folder / file.name;
    const Descriptor in(path, O_RDONLY);
    if (in.get() < 0) {
      return Problem("cannot read", path, errno);
    }
    base::Sha256Stream hash;
    KAWAT_RETURN_IF_ERROR(Read(in.get(), path, [&](std::string_view part) {
      hash.Add(part);
      file.bytes += part.size();
      return cancelled && cancelled() ? absl::CancelledError("nobody waits for the backup any more") : absl::OkStatus();
    }));
    file.sha256 = base::Hex(hash.Finish());
    if (::fsync(in.get()) != 0) {
      return Problem("cannot write", path, errno);
    }
  }
  return files;
}

absl::Status CheckFiles(const fs::path& folder, const std::vector<File>& files) {
  for (const File& file : files) {
    KAWAT_RETURN_IF_ERROR(ReadChecked(folder, file, -1, {}));
  }
  return absl::OkStatus();
}

absl::Status CopyChecked(const fs::path& folder, const std::vector<File>& files, const fs::path& target) {
  for (const File& file : files) {
    const fs::path path = target / file.name;
    const Descriptor out(path, O_WRONLY | O_CREAT | O_EXCL);
    if (out.get() < 0) {
      return Problem("cannot write", path, errno);
    }
    KAWAT_RETURN_IF_ERROR(ReadChecked(folder, file, out.get(), path));
    if (::fsync(out.get()) != 0) {
      return Problem("cannot write", path, errno);
    }
  }
  return SyncFolder(target);
}

absl::Status SyncFolder(const fs::path& folder) {
  const Descriptor fd(folder, O_RDONLY | O_DIRECTORY);
  return fd.get() >= 0 && ::fsync(fd.get()) == 0 ? absl::OkStatus() : Problem("cannot write", folder, errno);
}

absl::Status RemoveAll(const fs::path& folder) {
  std::error_code code;
  fs::remove_all(folder, code);
  return code ? Problem("cannot remove", folder, code.value()) : absl::OkStatus();
}

absl::Status Rename(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    return Problem(absl::StrCat("cannot rename ", from.string(), " to"), to, errno);
  }
  return SyncFolder(to.parent_path());
}

std::uint64_t SizeOf(const fs::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    std::error_code gone;  // a file of a folder in use
    if (const std::uintmax_t size = it->file_size(gone); !gone) {
      bytes += size;
    }
  }
  return bytes;
}

absl::Status CheckRoom(const fs::path& folder, std::uint64_t bytes) {
  std::error_code code;
  const fs::space_info space = fs::space(folder, code);
  if (!code && space.available < bytes + std::min(kReserveBytes, space.capacity / 10)) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the disk of ", folder.string(), " has ", space.available >> 20, " MiB free, and ",
                     (bytes >> 20) + 1, " MiB are needed beside a reserve; free some space, then do it again"));
  }
  return absl::OkStatus();
}

}  // namespace kawat::shard
