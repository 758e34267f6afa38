#include "rocks/rocks.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/files.h"
#include "base/status.h"

namespace kawat::rocks {
namespace {

constexpr std::uintmax_t kFormatReserveBytes = 64 << 20;
constexpr absl::Duration kLockPollInterval = absl::Milliseconds(50);

bool Mentions(const std::string& text, const char* part) { return absl::StrContains(text, part); }

bool IsLocked(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return status.IsIOError() && (Mentions(text, "While lock file") || Mentions(text, "lock hold by current process"));
}

rocksdb::CompressionType FastCompression() {
  const std::vector<rocksdb::CompressionType> supported = rocksdb::GetSupportedCompressions();
  return std::find(supported.begin(), supported.end(), rocksdb::kLZ4Compression) == supported.end()
             ? rocksdb::kNoCompression
             : rocksdb::kLZ4Compression;
}

constexpr const char* kRestore =
    "; files are damaged or missing, and were left as they are: bring them back, or restore the whole folder from a "
    "backup";

// What a process that was killed while it made the folder leaves behind: there is nothing to lose in it.
constexpr std::string_view kFirstManifest = "MANIFEST-000001";

// RocksDB would make a new database over one that has lost its CURRENT, and delete the rest as unknown at the next
// start.
absl::Status CheckHasCurrent(const std::filesystem::path& path) {
  std::error_code code;
  std::string data;
  for (std::filesystem::directory_iterator it(path, code), end; !code && it != end; it.increment(code)) {
    const std::string name = it->path().filename();
    const std::string kind = it->path().extension();
    if (kind == ".sst" || kind == ".ldb" || kind == ".log" || kind == ".blob" ||
        (absl::StartsWith(name, "MANIFEST") && name != kFirstManifest)) {
      data = name;
    }
  }
  // Asked last: a predecessor that is just making the folder makes CURRENT before any of these.
  if (data.empty() || std::filesystem::exists(path / "CURRENT", code)) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat("cannot open ", path.string(), ": it holds ", data, ", but not the file CURRENT", kRestore));
}

absl::Status DiskFull(std::string_view what) {
  return absl::ResourceExhaustedError(
      absl::StrCat(std::string(what), ": the disk is full; free some space, then start again"));
}

}  // namespace

rocksdb::Options DefaultOptions(const Memory& memory) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(memory.block_cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.block_size = 16 << 10;

  rocksdb::Options options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.create_if_missing = true;
  // The default keeps what lies before the first damage and drops the rest without a word; a torn tail is all that a
  // kill or a power cut can leave.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.write_buffer_size = memory.write_buffer_bytes;
  options.max_write_buffer_number = 2;
  options.max_total_wal_size = 8 * memory.write_buffer_bytes;
  options.max_background_jobs = 2;
  options.max_open_files = 256;
  options.compression = FastCompression();
  options.bytes_per_sync = 1 << 20;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.max_log_file_size = 1 << 20;
  options.keep_log_file_num = 2;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

absl::Status ToStatus(const rocksdb::Status& status, std::string_view what) {
  if (status.ok()) {
    return absl::OkStatus();
  }
  std::string text = status.ToString();
  std::replace(text.begin(), text.end(), '\n', ' ');
  const std::string message = absl::StrCat(std::string(what), ": ", text);
  if (status.IsNoSpace() || Mentions(text, "No space left")) {
    return DiskFull(what);
  }
  if (Mentions(text, "Read-only file system") || Mentions(text, "Permission denied")) {
    return absl::FailedPreconditionError(
        absl::StrCat(message, "; make the folder writable for this user, or choose another with --data"));
  }
  if (status.IsCorruption()) {
    return absl::DataLossError(absl::StrCat(message, kRestore));
  }
  return status.IsNotFound() ? absl::NotFoundError(message) : absl::InternalError(message);
}

namespace {

absl::Status OpenError(const rocksdb::Status& status, std::string_view what) {
  absl::Status error = ToStatus(status, what);
  if (absl::IsDataLoss(error)) {
    return absl::FailedPreconditionError(error.message());
  }
  if (status.IsInvalidArgument() || status.IsNotFound() || status.IsNotSupported() || status.IsPathNotFound()) {
    return absl::FailedPreconditionError(absl::StrCat(std::string(error.message()), kRestore));
  }
  return error;
}

}  // namespace

absl::StatusOr<std::unique_ptr<rocksdb::DB>> Open(const std::filesystem::path& path, const rocksdb::Options& options,
                                                  absl::Duration lock_wait) {
  KAWAT_RETURN_IF_ERROR(base::MakeWritableFolder(path));
  KAWAT_RETURN_IF_ERROR(CheckHasCurrent(path));
  const absl::Time deadline = absl::Now() + lock_wait;
  while (true) {
    rocksdb::DB* db = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(options, path.string(), &db);
    if (status.ok()) {
      return std::unique_ptr<rocksdb::DB>(db);
    }
    if (!IsLocked(status)) {
      return OpenError(status, absl::StrCat("cannot open ", path.string()));
    }
    if (absl::Now() >= deadline) {
      return absl::FailedPreconditionError(absl::StrCat(
          path.string(), " is in use by another process; stop that one, or choose another folder with --data"));
    }
    absl::SleepFor(kLockPollInterval);
  }
}

absl::Status CheckFormat(rocksdb::DB& db, const std::filesystem::path& path, int format) {
  const rocksdb::Slice key(kFormatKey.data(), kFormatKey.size());
  std::string text;
  const rocksdb::Status read = db.Get(rocksdb::ReadOptions(), key, &text);
  if (read.IsNotFound()) {
    if (!CheckFreeSpace(path, kFormatReserveBytes).ok()) {
      return absl::OkStatus();  // it will get it another time
    }
    return ToStatus(db.Put(rocksdb::WriteOptions(), key, absl::StrCat(format)),
                    absl::StrCat("cannot write to ", path.string()));
  }
  KAWAT_RETURN_IF_ERROR(ToStatus(read, absl::StrCat("cannot read ", path.string())));
  int found = 0;
  if (!absl::SimpleAtoi(text, &found) || found > format) {
    return absl::FailedPreconditionError(absl::StrCat(path.string(), " was written by a newer kawat (format ",
                                                      absl::Utf8SafeCHexEscape(text), "; this one reads ", format,
                                                      " at most): run that version or a newer one, or restore a backup "
                                                      "from before the upgrade; nothing was changed"));
  }
  return absl::OkStatus();
}

absl::Status CheckFreeSpace(const std::filesystem::path& path, std::uintmax_t reserve_bytes) {
  std::error_code code;
  const std::filesystem::space_info space = std::filesystem::space(path, code);
  if (code == std::errc::no_such_file_or_directory) {  // RocksDB would go on writing to files that have no name
    return absl::FailedPreconditionError(absl::StrCat(
        "cannot write to ", path.string(), ": the folder is gone; it was deleted or moved while it was in use"));
  }
  if (!code && space.available < std::min(reserve_bytes, space.capacity / 10)) {
    return DiskFull(absl::StrCat("cannot write to ", path.string(), " (", space.available >> 20, " MiB left)"));
  }
  return absl::OkStatus();
}

}  // namespace kawat::rocks
