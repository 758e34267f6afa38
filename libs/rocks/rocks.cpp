#include "rocks/rocks.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <string>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/files.h"
#include "base/status.h"

namespace kawat::rocks {
namespace {

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
    return absl::DataLossError(absl::StrCat(message, "; move the folder away and restore or rebuild it"));
  }
  return status.IsNotFound() ? absl::NotFoundError(message) : absl::InternalError(message);
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> Open(const std::filesystem::path& path, const rocksdb::Options& options,
                                                  absl::Duration lock_wait) {
  KAWAT_RETURN_IF_ERROR(base::MakeWritableFolder(path));
  const absl::Time deadline = absl::Now() + lock_wait;
  while (true) {
    rocksdb::DB* db = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(options, path.string(), &db);
    if (status.ok()) {
      return std::unique_ptr<rocksdb::DB>(db);
    }
    if (!IsLocked(status)) {
      return ToStatus(status, absl::StrCat("cannot open ", path.string()));
    }
    if (absl::Now() >= deadline) {
      return absl::FailedPreconditionError(absl::StrCat(
          path.string(), " is in use by another process; stop that one, or choose another folder with --data"));
    }
    absl::SleepFor(kLockPollInterval);
  }
}

absl::Status CheckFreeSpace(const std::filesystem::path& path, std::uintmax_t reserve_bytes) {
  std::error_code code;
  const std::filesystem::space_info space = std::filesystem::space(path, code);
  if (!code && space.available < std::min(reserve_bytes, space.capacity / 10)) {
    return DiskFull(absl::StrCat("cannot write to ", path.string(), " (", space.available >> 20, " MiB left)"));
  }
  return absl::OkStatus();
}

}  // namespace kawat::rocks
