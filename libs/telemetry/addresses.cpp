#include "telemetry/addresses.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>

#include "base/files.h"
#include "base/status.h"

namespace kawat::telemetry {
namespace {

constexpr std::size_t kLimitBytes = 64 << 10;

std::filesystem::path File(const std::filesystem::path& folder) { return folder / "addresses.json"; }

// Held by whoever reads, changes and writes the file; threads of one process open it anew and so exclude each other
// too.
class FileLock {
 public:
  explicit FileLock(const std::filesystem::path& path) : fd_(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644)) {
    while (fd_ >= 0 && ::flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~FileLock() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

}  // namespace

absl::StatusOr<AddressBook> ReadAddresses(const std::filesystem::path& data_folder) {
  KAWAT_ASSIGN_OR_RETURN(const std::string text, base::ReadFile(File(data_folder), kLimitBytes));
  boost::system::error_code error;
  const boost::json::value json = boost::json::parse(text, error);
  const absl::Status wrong =
      absl::InvalidArgumentError(absl::StrCat(File(data_folder).string(), " is not a list of addresses"));
  if (error || !json.is_object()) {
    return wrong;
  }
  AddressBook book;
  for (const auto& [service, kinds] : json.get_object()) {
    if (!kinds.is_object()) {
      return wrong;
    }
    for (const auto& [kind, address] : kinds.get_object()) {
      if (!address.is_string()) {
        return wrong;
      }
      book[std::string(service)][std::string(kind)] = std::string(address.get_string());
    }
  }
  return book;
}

absl::Status Addresses::Set(std::string_view service, const std::map<std::string, std::string>& addresses) const {
  const FileLock lock(folder_ / "addresses.json.lock");
  if (!lock.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot write into ", folder_.string(), "; make it a folder this user may write into"));
  }
  absl::StatusOr<AddressBook> book = ReadAddresses(folder_);
  if (!book.ok()) {
    book.emplace();  // none yet, or not readable: it is ours to write anew
  }
  (*book)[std::string(service)] = addresses;
  boost::json::object json;
  for (const auto& [name, kinds] : *book) {
    boost::json::object entry;
    for (const auto& [kind, address] : kinds) {
      entry[kind] = address;
    }
    json[name] = std::move(entry);
  }
  return base::WriteFileAtomically(File(folder_), boost::json::serialize(json) + "\n");
}

absl::Status Addresses::Clear() const {
  const FileLock lock(folder_ / "addresses.json.lock");
  std::error_code error;
  std::filesystem::remove(File(folder_), error);
  return error ? absl::FailedPreconditionError(
                     absl::StrCat("cannot remove ", File(folder_).string(), ": ", error.message()))
               : absl::OkStatus();
}

}  // namespace kawat::telemetry
