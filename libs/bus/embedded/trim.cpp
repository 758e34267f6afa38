// What the log forgets: records older than their topic's retention, and tombstones that all have seen. Never what a
// registered group has not read.
#include <rocksdb/convenience.h>
#include <rocksdb/write_batch.h>

#include "base/status.h"
#include "bus/embedded/storage.h"
#include "rocks/rocks.h"

namespace kawat::bus::embedded {
namespace {

constexpr absl::Duration kTrimInterval = absl::Minutes(1);

// A tombstone stays a day, so that a reader that is not a registered group has time to see it.
constexpr absl::Duration kTombstonesKept = absl::Hours(24);

// Of a compacted topic, whose records go one by one, at most so many at a time: appends wait meanwhile.
constexpr int kMostAtATime = 10'000;

}  // namespace

absl::Status Storage::TrimIfDue() {
  const absl::Time now = clock_.Now();
  if (now - last_trim_ < kTrimInterval) {
    return absl::OkStatus();
  }
  last_trim_ = now;
  for (const TopicInfo& topic : catalog_.Topics()) {
    for (std::int32_t partition = 0; partition < topic.spec.partitions; ++partition) {
      if (topic.spec.retention != absl::InfiniteDuration()) {
        KAWAT_RETURN_IF_ERROR(Trim(topic, partition));
      }
      if (topic.spec.compacted) {
        KAWAT_RETURN_IF_ERROR(TrimTombstones(topic, partition));
      }
    }
  }
  return absl::OkStatus();
}

// Append times never go back, so the first record young enough is found by halving.
absl::StatusOr<std::int64_t> Storage::FirstKept(const TopicInfo& topic, std::int32_t partition, std::int64_t start,
                                                std::int64_t limit, std::int64_t cutoff_ms) {
  PrefixIterator it(*db_, OffsetKey(kHeaderKind, topic.id, partition, start),
                    OffsetKey(kHeaderKind, topic.id, partition, limit));
  std::int64_t low = start;
  std::int64_t high = limit;
  for (std::int64_t middle = start; low < high; middle = low + (high - low) / 2) {
    it.Seek(OffsetKey(kHeaderKind, topic.id, partition, middle));
    KAWAT_RETURN_IF_ERROR(it.status());
    if (!it.Valid() || OffsetOf(it.key()) >= high) {
      high = middle;
      continue;
    }
    KAWAT_ASSIGN_OR_RETURN(const Header header, DecodeHeader(it.value()));
    if (header.append_ms < cutoff_ms) {
      low = OffsetOf(it.key()) + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

absl::Status Storage::Trim(const TopicInfo& topic, std::int32_t partition) {
  const TopicPartition name{topic.spec.name, partition};
  KAWAT_ASSIGN_OR_RETURN(PartitionState state, catalog_.Partition(name));
  const std::int64_t limit = catalog_.SlowestOffset(name);
  const std::int64_t cutoff_ms = absl::ToUnixMillis(clock_.Now() - topic.spec.retention);
  KAWAT_ASSIGN_OR_RETURN(std::int64_t kept, FirstKept(topic, partition, state.start, limit, cutoff_ms));
  if (kept <= state.start) {
    return absl::OkStatus();
  }
  rocksdb::WriteBatch batch;
  if (topic.spec.compacted) {
    PrefixIterator it(*db_, OffsetKey(kHeaderKind, topic.id, partition, state.start),
                      OffsetKey(kHeaderKind, topic.id, partition, kept));
    for (int count = 0; it.Valid(); it.Next(), ++count) {
      if (count == kMostAtATime) {
        kept = OffsetOf(it.key());
        break;
      }
      KAWAT_ASSIGN_OR_RETURN(const Header header, DecodeHeader(it.value()));
      batch.Delete(NamedKey(kNewestKind, topic.id, partition, header.key));
    }
    KAWAT_RETURN_IF_ERROR(it.status());
  }
  for (const char kind : {kRecordKind, kHeaderKind, kTombstoneKind}) {
    batch.DeleteRange(OffsetKey(kind, topic.id, partition, state.start), OffsetKey(kind, topic.id, partition, kept));
  }
  const std::string from = OffsetKey(kRecordKind, topic.id, partition, state.start);
  const std::string to = OffsetKey(kRecordKind, topic.id, partition, kept);
  state.start = kept;
  batch.Put(PartitionKey(kStateKind, topic.id, partition), EncodeState(state));
  catalog_.Publish({{name, state}});  // first: see Read
  KAWAT_RETURN_IF_ERROR(Write(batch, /*sync=*/false));
  // Whole files of trimmed records go at once; compaction finds the rest.
  const rocksdb::Slice from_slice = from;
  const rocksdb::Slice to_slice = to;
  return rocks::ToStatus(
      rocksdb::DeleteFilesInRange(db_.get(), db_->DefaultColumnFamily(), &from_slice, &to_slice, /*include_end=*/false),
      "cannot trim the log");
}

absl::Status Storage::TrimTombstones(const TopicInfo& topic, std::int32_t partition) {
  const std::int64_t limit = catalog_.SlowestOffset({topic.spec.name, partition});
  const std::int64_t cutoff_ms = absl::ToUnixMillis(clock_.Now() - kTombstonesKept);
  rocksdb::WriteBatch batch;
  PrefixIterator it(*db_, PartitionKey(kTombstoneKind, topic.id, partition),
                    OffsetKey(kTombstoneKind, topic.id, partition, limit));
  for (int count = 0; it.Valid() && count < kMostAtATime; it.Next(), ++count) {
    const std::int64_t offset = OffsetOf(it.key());
    const std::string header_key = OffsetKey(kHeaderKind, topic.id, partition, offset);
    std::string bytes;
    KAWAT_RETURN_IF_ERROR(rocks::ToStatus(db_->Get(rocksdb::ReadOptions(), header_key, &bytes), "cannot read the log"));
    KAWAT_ASSIGN_OR_RETURN(const Header header, DecodeHeader(bytes));
    if (header.append_ms >= cutoff_ms) {
      break;
    }
    batch.Delete(NamedKey(kNewestKind, topic.id, partition, header.key));
    for (const char kind : {kRecordKind, kHeaderKind, kTombstoneKind}) {
      batch.Delete(OffsetKey(kind, topic.id, partition, offset));
    }
  }
  KAWAT_RETURN_IF_ERROR(it.status());
  return batch.Count() == 0 ? absl::OkStatus() : Write(batch, /*sync=*/false);
}

}  // namespace kawat::bus::embedded
