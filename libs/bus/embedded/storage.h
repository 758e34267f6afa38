// The log's folder: append, read, commit. What it holds is mirrored in the catalog.
#pragma once

#include <rocksdb/db.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "bus/embedded/catalog.h"
#include "bus/embedded/format.h"

namespace kawat::bus::embedded {

class Storage {
 public:
  static absl::StatusOr<std::unique_ptr<Storage>> Open(const std::filesystem::path& path, base::Clock& clock,
                                                       absl::Duration lock_wait);

  // Any thread.
  Catalog& catalog() { return catalog_; }
  base::Clock& clock() { return clock_; }
  absl::StatusOr<std::vector<std::string>> CreateMissingTopics(std::span<const TopicSpec> topics);
  absl::StatusOr<std::optional<Record>> ReadAt(const TopicPartition& partition, std::int64_t offset);
  // Appends to `out` what lies in [next.offset, end) and fits `limits`, and moves `next` past it. OutOfRange: trimmed
  // meanwhile.
  absl::Status Read(Position& next, std::int64_t end, const PollLimits& limits, std::size_t& bytes,
                    std::vector<Record>& out);
  absl::Status Commit(const std::string& group, std::span<const Position> positions, bool sync);

  // One thread, the writer's. Stores all of it, synced, or nothing; partitions are chosen already.
  absl::Status Append(std::span<const Record> records);
  // Deletes what is older than retention, and old tombstones, if the last time was a while ago.
  absl::Status TrimIfDue();

 private:
  struct Appending;  // a batch in the making

  Storage(std::filesystem::path path, base::Clock& clock, std::unique_ptr<rocksdb::DB> db)
      : path_(std::move(path)), clock_(clock), db_(std::move(db)) {}

  absl::Status Load();
  absl::Status LoadGroups(const TopicInfo& topic, std::int32_t partition);
  absl::StatusOr<GroupPosition> Locate(const TopicInfo& topic, std::int32_t partition, std::int64_t offset);
  absl::Status Supersede(const TopicInfo& topic, const Record& record, std::int64_t offset, Appending& batch);
  absl::Status Trim(const TopicInfo& topic, std::int32_t partition);
  absl::StatusOr<std::int64_t> FirstKept(const TopicInfo& topic, std::int32_t partition, std::int64_t start,
                                         std::int64_t limit, std::int64_t cutoff_ms);
  absl::Status TrimTombstones(const TopicInfo& topic, std::int32_t partition);
  absl::Status Write(rocksdb::WriteBatch& batch, bool sync);

  std::filesystem::path path_;
  base::Clock& clock_;
  std::unique_ptr<rocksdb::DB> db_;
  Catalog catalog_;
  absl::Mutex creating_;
  absl::Time last_trim_ = absl::InfinitePast();  // the writer's
};

// The keys that begin with `prefix`, from `from` on. Must end before the database. The bounds are kept alive.
class PrefixIterator {
 public:
  PrefixIterator(rocksdb::DB& db, std::string_view from, std::string bound);
  ~PrefixIterator() = default;
  PrefixIterator(const PrefixIterator&) = delete;
  PrefixIterator& operator=(const PrefixIterator&) = delete;

  bool Valid() const { return it_->Valid(); }
  void Next() { it_->Next(); }
  void Seek(std::string_view key);
  std::string_view key() const { return {it_->key().data(), it_->key().size()}; }
  std::string_view value() const { return {it_->value().data(), it_->value().size()}; }
  absl::Status status() const;

 private:
  std::string bound_;
  rocksdb::Slice bound_slice_;
  std::unique_ptr<rocksdb::Iterator> it_;
};

// A bound for all keys of a partition: nothing sorts behind it but the next partition's.
std::string AfterPartition(char kind, std::uint32_t topic, std::int32_t partition);

inline rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace kawat::bus::embedded
