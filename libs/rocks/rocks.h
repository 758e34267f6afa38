// RocksDB's folder, for the adapters of state and bus only: opening it, its memory, its errors in kawat's words.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/status.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace kawat::rocks {

struct Memory {
  std::size_t block_cache_bytes = 16 << 20;
  std::size_t write_buffer_bytes = 8 << 20;  // twice this at most
};

// Options for one of the dozen folders of a process: little memory, few files, two threads shared by all.
rocksdb::Options DefaultOptions(const Memory& memory);

// Makes the folder if need be and opens it. A folder in use is waited for, for `lock_wait`: a predecessor may still be
// stopping.
//   FailedPrecondition  the folder cannot be written, stays in use, or its files are damaged or missing (then nothing
//                       was changed); says what to do
//   ResourceExhausted   the disk is full
absl::StatusOr<std::unique_ptr<rocksdb::DB>> Open(const std::filesystem::path& path, const rocksdb::Options& options,
                                                  absl::Duration lock_wait);

inline constexpr std::string_view kFormatKey("\0format", 7);  // no content has it

// The format of the folder's content, in decimal under kFormatKey. A folder without it is of
// format 1, and gets it. FailedPrecondition: it is of a newer format than `format`; nothing was changed.
absl::Status CheckFormat(rocksdb::DB& db, const std::filesystem::path& path, int format);

// ResourceExhausted when the disk has less than `reserve_bytes` free, or less than a tenth if that is less;
// FailedPrecondition when the folder is gone. Asked before each write: RocksDB, as packaged, may abort when it meets a
// full disk itself, and does not notice that its files were deleted.
absl::Status CheckFreeSpace(const std::filesystem::path& path, std::uintmax_t reserve_bytes);

// One line; `what` names the folder and what was tried.
absl::Status ToStatus(const rocksdb::Status& status, std::string_view what);

}  // namespace kawat::rocks
