#include "state/rocksdb/rocksdb_look.h"

#include <fcntl.h>
#include <rocksdb/env.h>
#include <unistd.h>

#include <cstdarg>
#include <utility>

#include "absl/strings/str_cat.h"
#include "state/rocksdb/rocksdb_view.h"

namespace kawat::state {
namespace {

// Without one RocksDB begins a file LOG in the folder, and renames that of the process that has it open.
class NoLog final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, std::va_list /*arguments*/) override {}
};

class RocksDbLook final : public Look {
 public:
  RocksDbLook(std::filesystem::path path, std::unique_ptr<rocksdb::DB> db)
      : path_(std::move(path)), db_(std::move(db)), view_(*db_) {}

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override { return view_.Get(key); }
  absl::Status Scan(std::string_view prefix, std::string_view from, const Visitor& visit) const override {
    return view_.Scan(prefix, from, visit);
  }

  std::uint64_t EstimatedKeys() const override {
    std::uint64_t keys = 0;
    db_->GetIntProperty(rocksdb::DB::Properties::kEstimateNumKeys, &keys);
    return keys;
  }

  absl::Status VerifyChecksums() const override {
    return rocks::ToStatus(db_->VerifyChecksum(rocksdb::ReadOptions()), path_.string());
  }

 private:
  std::filesystem::path path_;
  std::unique_ptr<rocksdb::DB> db_;
  internal::View view_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Look>> OpenRocksDbForLook(const std::filesystem::path& path) {
  rocksdb::Options options = rocks::DefaultOptions({});
  options.create_if_missing = false;
  options.info_log = std::make_shared<NoLog>();
  rocksdb::DB* db = nullptr;
  rocksdb::Status status;
  // Of a folder that is being written, a file may go between the list of them and their opening.
  for (int tries = 0; tries < 5 && db == nullptr; ++tries) {
    status = rocksdb::DB::OpenForReadOnly(options, path.string(), &db);
  }
  if (db == nullptr) {
    const absl::Status error = rocks::ToStatus(status, absl::StrCat("cannot open ", path.string()));
    return absl::FailedPreconditionError(error.message());
  }
  return std::make_unique<RocksDbLook>(path, std::unique_ptr<rocksdb::DB>(db));
}

std::optional<int> HolderOf(const std::filesystem::path& path) {
  const int fd = ::open((path / "LOCK").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return std::nullopt;
  }
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool known = ::fcntl(fd, F_GETLK, &lock) == 0;
  ::close(fd);
  return known && lock.l_type != F_UNLCK ? std::optional<int>(lock.l_pid) : std::nullopt;
}

}  // namespace kawat::state
