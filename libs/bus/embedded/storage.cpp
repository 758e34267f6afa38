#include "bus/embedded/storage.h"

#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "rocks/rocks.h"

namespace kawat::bus::embedded {
namespace {

// Values of this size or more go to files of their own kind, which compaction does not write again.
constexpr std::uint64_t kBlobBytes = 2048;

constexpr std::uintmax_t kDiskReserveBytes = 256 << 20;

rocksdb::Options LogOptions() {
  rocksdb::Options result = rocks::DefaultOptions({.block_cache_bytes = 32 << 20, .write_buffer_bytes = 16 << 20});
  result.enable_blob_files = true;
  result.min_blob_size = kBlobBytes;
  result.blob_file_size = 64 << 20;
  result.blob_compression_type = result.compression;
  result.enable_blob_garbage_collection = true;
  return result;
}

}  // namespace

std::string AfterPartition(char kind, std::uint32_t topic, std::int32_t partition) {
  return PartitionKey(kind, topic, partition + 1);
}

PrefixIterator::PrefixIterator(rocksdb::DB& db, std::string_view from, std::string bound)
    : bound_(std::move(bound)), bound_slice_(bound_) {
  rocksdb::ReadOptions read;
  read.iterate_upper_bound = &bound_slice_;
  it_.reset(db.NewIterator(read));
  Seek(from);
}

void PrefixIterator::Seek(std::string_view key) { it_->Seek(ToSlice(key)); }

absl::Status PrefixIterator::status() const { return rocks::ToStatus(it_->status(), "cannot read the log"); }

absl::StatusOr<std::unique_ptr<Storage>> Storage::Open(const std::filesystem::path& path, base::Clock& clock,
                                                       absl::Duration lock_wait) {
  KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<rocksdb::DB> db, rocks::Open(path, LogOptions(), lock_wait));
  KAWAT_RETURN_IF_ERROR(rocks::CheckFormat(*db, path, kFormat));
  std::unique_ptr<Storage> storage(new Storage(path, clock, std::move(db)));
  KAWAT_RETURN_IF_ERROR(base::Annotate(storage->Load(), path.string()));
  return storage;
}

absl::Status Storage::Load() {
  PrefixIterator it(*db_, std::string(1, kTopicKind), std::string(1, kTopicKind + 1));
  for (; it.Valid(); it.Next()) {
    KAWAT_ASSIGN_OR_RETURN(const TopicInfo topic, DecodeTopic(it.key().substr(1), it.value()));
    std::vector<PartitionState> partitions;
    for (std::int32_t partition = 0; partition < topic.spec.partitions; ++partition) {
      std::string bytes;
      KAWAT_RETURN_IF_ERROR(
          rocks::ToStatus(db_->Get(rocksdb::ReadOptions(), PartitionKey(kStateKind, topic.id, partition), &bytes),
                          "cannot read the log"));
      KAWAT_ASSIGN_OR_RETURN(partitions.emplace_back(), DecodeState(bytes));
    }
    catalog_.Add(topic, std::move(partitions));
    for (std::int32_t partition = 0; partition < topic.spec.partitions; ++partition) {
      KAWAT_RETURN_IF_ERROR(LoadGroups(topic, partition));
    }
  }
  return it.status();
}

absl::Status Storage::LoadGroups(const TopicInfo& topic, std::int32_t partition) {
  PrefixIterator it(*db_, PartitionKey(kGroupKind, topic.id, partition),
                    AfterPartition(kGroupKind, topic.id, partition));
  for (; it.Valid(); it.Next()) {
    KAWAT_ASSIGN_OR_RETURN(const std::int64_t offset, DecodeNumber(it.value()));
    KAWAT_ASSIGN_OR_RETURN(const GroupPosition position, Locate(topic, partition, offset));
    catalog_.SetCommitted(std::string(NameOf(it.key())), {topic.spec.name, partition}, position);
  }
  return it.status();
}

absl::StatusOr<GroupPosition> Storage::Locate(const TopicInfo& topic, std::int32_t partition, std::int64_t offset) {
  KAWAT_ASSIGN_OR_RETURN(const PartitionState state, catalog_.Partition({topic.spec.name, partition}));
  if (offset < state.end) {
    const PrefixIterator it(*db_, OffsetKey(kHeaderKind, topic.id, partition, offset),
                            OffsetKey(kHeaderKind, topic.id, partition, state.end));
    KAWAT_RETURN_IF_ERROR(it.status());
    if (it.Valid()) {
      KAWAT_ASSIGN_OR_RETURN(const Header header, DecodeHeader(it.value()));
      return GroupPosition{offset, header.bytes_before};
    }
  }
  return GroupPosition{offset, state.total_bytes};
}

absl::StatusOr<std::vector<std::string>> Storage::CreateMissingTopics(std::span<const TopicSpec> topics) {
  const absl::MutexLock lock(&creating_);
  std::vector<std::string> made;
  for (const TopicSpec& spec : topics) {
    if (catalog_.Topic(spec.name).ok()) {
      continue;
    }
    if (spec.partitions < 1) {
      return absl::InvalidArgumentError(absl::StrCat("topic ", spec.name, " has no partition"));
    }
    const TopicInfo topic{static_cast<std::uint32_t>(catalog_.Topics().size() + 1), spec};  // none is ever deleted
    std::vector<PartitionState> partitions(static_cast<std::size_t>(spec.partitions));
    rocksdb::WriteBatch batch;
    batch.Put(std::string(1, kTopicKind) + spec.name, EncodeTopic(topic));
    for (std::int32_t partition = 0; partition < spec.partitions; ++partition) {
      batch.Put(PartitionKey(kStateKind, topic.id, partition), EncodeState({}));
    }
    KAWAT_RETURN_IF_ERROR(Write(batch, /*sync=*/true));
    catalog_.Add(topic, std::move(partitions));
    made.push_back(spec.name);
  }
  return made;
}

absl::StatusOr<std::optional<Record>> Storage::ReadAt(const TopicPartition& partition, std::int64_t offset) {
  KAWAT_ASSIGN_OR_RETURN(const TopicInfo topic, catalog_.Topic(partition.topic));
  KAWAT_ASSIGN_OR_RETURN(const PartitionState state, catalog_.Partition(partition));
  if (offset < state.start || offset >= state.end) {
    return std::nullopt;
  }
  rocksdb::PinnableSlice bytes;
  const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), db_->DefaultColumnFamily(),
                                          OffsetKey(kRecordKind, topic.id, partition.partition, offset), &bytes);
  if (status.IsNotFound()) {
    return std::nullopt;
  }
  KAWAT_RETURN_IF_ERROR(rocks::ToStatus(status, "cannot read the log"));
  KAWAT_ASSIGN_OR_RETURN(Record record, DecodeRecord({bytes.data(), bytes.size()}));
  record.topic = partition.topic;
  record.partition = partition.partition;
  record.offset = offset;
  return std::optional(std::move(record));
}

absl::Status Storage::Read(Position& next, std::int64_t end, const PollLimits& limits, std::size_t& bytes,
                           std::vector<Record>& out) {
  KAWAT_ASSIGN_OR_RETURN(const TopicInfo topic, catalog_.Topic(next.topic));
  PrefixIterator it(*db_, OffsetKey(kRecordKind, topic.id, next.partition, next.offset),
                    OffsetKey(kRecordKind, topic.id, next.partition, end));
  // Asked after the iterator was made: a trim first moves the start, then deletes, so what the iterator sees is whole.
  KAWAT_ASSIGN_OR_RETURN(const PartitionState state, catalog_.Partition({next.topic, next.partition}));
  if (next.offset < state.start) {
    return absl::OutOfRangeError(
        absl::StrCat(next.topic, "/", next.partition, " begins at offset ", state.start, ", after ", next.offset));
  }
  for (; it.Valid(); it.Next()) {
    if (out.size() >= limits.max_records && !out.empty()) {
      return absl::OkStatus();
    }
    KAWAT_ASSIGN_OR_RETURN(Record record, DecodeRecord(it.value()));
    record.topic = next.topic;
    record.partition = next.partition;
    record.offset = OffsetOf(it.key());
    const std::size_t size = SizeBytes(record);
    if (!out.empty() && bytes + size > limits.max_bytes) {
      return absl::OkStatus();
    }
    bytes += size;
    next.offset = record.offset + 1;
    out.push_back(std::move(record));
  }
  KAWAT_RETURN_IF_ERROR(it.status());
  next.offset = end;
  return absl::OkStatus();
}

absl::Status Storage::Commit(const std::string& group, std::span<const Position> positions, bool sync) {
  rocksdb::WriteBatch batch;
  std::vector<std::pair<TopicPartition, GroupPosition>> located;
  for (const Position& position : positions) {
    const TopicPartition partition{position.topic, position.partition};
    KAWAT_RETURN_IF_ERROR(catalog_.Partition(partition).status());
    KAWAT_ASSIGN_OR_RETURN(const TopicInfo topic, catalog_.Topic(position.topic));
    KAWAT_ASSIGN_OR_RETURN(const GroupPosition found, Locate(topic, position.partition, position.offset));
    batch.Put(NamedKey(kGroupKind, topic.id, position.partition, group), EncodeNumber(position.offset));
    located.emplace_back(partition, found);
  }
  KAWAT_RETURN_IF_ERROR(Write(batch, sync));
  for (const auto& [partition, position] : located) {
    catalog_.SetCommitted(group, partition, position);
  }
  return absl::OkStatus();
}

absl::Status Storage::Write(rocksdb::WriteBatch& batch, bool sync) {
  rocksdb::WriteOptions write;
  write.sync = sync;
  return rocks::ToStatus(db_->Write(write, &batch), absl::StrCat("cannot write to the log in ", path_.string()));
}

struct Storage::Appending {
  rocksdb::WriteBatch batch;
  PartitionChanges changes;
  std::map<std::string, std::int64_t> newest;  // by NamedKey: what the batch itself has put
};

absl::Status Storage::Append(std::span<const Record> records) {
  KAWAT_RETURN_IF_ERROR(rocks::CheckFreeSpace(path_, kDiskReserveBytes));
  const std::int64_t now_ms = absl::ToUnixMillis(clock_.Now());
  Appending appending;
  std::map<std::string_view, TopicInfo> topics;
  for (const Record& record : records) {
    if (!topics.contains(record.topic)) {
      KAWAT_ASSIGN_OR_RETURN(topics[record.topic], catalog_.Topic(record.topic));
    }
    const TopicInfo& topic = topics[record.topic];
    const TopicPartition partition{record.topic, record.partition};
    if (!appending.changes.contains(partition)) {
      KAWAT_ASSIGN_OR_RETURN(appending.changes[partition], catalog_.Partition(partition));
    }
    PartitionState& state = appending.changes[partition];
    state.last_append_ms = std::max(state.last_append_ms, now_ms);
    const std::int64_t offset = state.end++;
    const Header header{state.last_append_ms, state.total_bytes, topic.spec.compacted ? record.key : ""};
    state.total_bytes += static_cast<std::int64_t>(SizeBytes(record));
    const std::string head = EncodeRecordHead(record, state.last_append_ms);
    const std::string key = OffsetKey(kRecordKind, topic.id, record.partition, offset);
    const std::array<rocksdb::Slice, 1> key_parts = {key};
    const std::array<rocksdb::Slice, 2> value_parts = {head, record.value ? *record.value : rocksdb::Slice()};
    appending.batch.Put(rocksdb::SliceParts(key_parts.data(), 1), rocksdb::SliceParts(value_parts.data(), 2));
    appending.batch.Put(OffsetKey(kHeaderKind, topic.id, record.partition, offset), EncodeHeader(header));
    if (topic.spec.compacted) {
      KAWAT_RETURN_IF_ERROR(Supersede(topic, record, offset, appending));
    }
  }
  for (const auto& [partition, state] : appending.changes) {
    appending.batch.Put(PartitionKey(kStateKind, topics[partition.topic].id, partition.partition), EncodeState(state));
  }
  KAWAT_RETURN_IF_ERROR(Write(appending.batch, /*sync=*/true));
  catalog_.Publish(appending.changes);
  return absl::OkStatus();
}

// The key's older record goes; the new one takes its place in the index.
absl::Status Storage::Supersede(const TopicInfo& topic, const Record& record, std::int64_t offset,
                                Appending& appending) {
  const std::string index = NamedKey(kNewestKind, topic.id, record.partition, record.key);
  std::optional<std::int64_t> older;
  if (const auto found = appending.newest.find(index); found != appending.newest.end()) {
    older = found->second;
  } else {
    std::string bytes;
    const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), index, &bytes);
    if (!status.IsNotFound()) {
      KAWAT_RETURN_IF_ERROR(rocks::ToStatus(status, "cannot read the log"));
      KAWAT_ASSIGN_OR_RETURN(older, DecodeNumber(bytes));
    }
  }
  if (older) {
    for (const char kind : {kRecordKind, kHeaderKind, kTombstoneKind}) {
      appending.batch.Delete(OffsetKey(kind, topic.id, record.partition, *older));
    }
  }
  appending.newest[index] = offset;
  appending.batch.Put(index, EncodeNumber(offset));
  if (!record.value) {
    appending.batch.Put(OffsetKey(kTombstoneKind, topic.id, record.partition, offset), "");
  }
  return absl::OkStatus();
}

}  // namespace kawat::bus::embedded
