// Reading from a RocksDB, as store, transaction and read-only look do it. For their files only.
#pragma once

#include <rocksdb/db.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/status.h"
#include "rocks/rocks.h"
#include "state/store.h"

namespace kawat::state::internal {

inline rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// The first key after all that begin with `prefix`; empty: there is none.
inline std::string AfterPrefix(std::string_view prefix) {
  std::string after(prefix);
  while (!after.empty() && static_cast<unsigned char>(after.back()) == 0xff) {
    after.pop_back();
  }
  if (!after.empty()) {
    ++after.back();
  }
  return after;
}

inline absl::StatusOr<std::optional<std::string>> ToValue(const rocksdb::Status& status, std::string value) {
  if (status.IsNotFound()) {
    return std::nullopt;
  }
  KAWAT_RETURN_IF_ERROR(rocks::ToStatus(status, "cannot read the state"));
  return std::optional<std::string>(std::move(value));
}

inline absl::Status Walk(rocksdb::Iterator& it, std::string_view prefix, std::string_view from, const Visitor& visit) {
  for (it.Seek(ToSlice(std::max(prefix, from))); it.Valid() && ToView(it.key()).starts_with(prefix); it.Next()) {
    if (ToView(it.key()) != rocks::kFormatKey && !visit(ToView(it.key()), ToView(it.value()))) {
      break;
    }
  }
  return rocks::ToStatus(it.status(), "cannot read the state");
}

// What store and transaction have in common.
class View {
 public:
  explicit View(rocksdb::DB& db) : db_(db) {}

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const {
    std::string value;
    const rocksdb::Status status = db_.Get(rocksdb::ReadOptions(), ToSlice(key), &value);
    return ToValue(status, std::move(value));
  }

  absl::Status Scan(std::string_view prefix, std::string_view from, const Visitor& visit) const {
    const std::string after = AfterPrefix(prefix);
    const rocksdb::Slice bound = after;
    rocksdb::ReadOptions read;
    read.iterate_upper_bound = after.empty() ? nullptr : &bound;
    const std::unique_ptr<rocksdb::Iterator> it(db_.NewIterator(read));
    return Walk(*it, prefix, from, visit);
  }

  rocksdb::DB& db() const { return db_; }

 private:
  rocksdb::DB& db_;
};

}  // namespace kawat::state::internal
