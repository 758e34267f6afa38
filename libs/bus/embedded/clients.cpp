#include "bus/embedded/clients.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"

namespace kawat::bus::embedded {
namespace {

// A record with its partition chosen; NotFound, InvalidArgument.
absl::StatusOr<Record> Prepare(const Catalog& catalog, const Record& record) {
  KAWAT_ASSIGN_OR_RETURN(const TopicInfo topic, catalog.Topic(record.topic));
  const std::size_t size = SizeBytes(record);
  if (static_cast<std::int64_t>(size) > topic.spec.max_record_bytes) {
    return absl::InvalidArgumentError(absl::StrCat("a record of ", size, " bytes for ", record.topic,
                                                   ", whose limit is ", topic.spec.max_record_bytes));
  }
  Record prepared = record;
  if (prepared.partition == kByKey) {
    const std::string& key = record.partition_key.empty() ? record.key : record.partition_key;
    prepared.partition = PartitionOf(key, topic.spec.partitions);
  }
  KAWAT_RETURN_IF_ERROR(catalog.Partition({prepared.topic, prepared.partition}).status());
  return prepared;
}

}  // namespace

absl::Status EmbeddedProducer::Send(std::span<const Record> records) {
  std::vector<Record> prepared;
  prepared.reserve(records.size());
  std::vector<std::string> topics;
  for (const Record& record : records) {
    KAWAT_ASSIGN_OR_RETURN(Record ready, Prepare(storage_.catalog(), record));
    prepared.push_back(std::move(ready));
    if (std::find(topics.begin(), topics.end(), record.topic) == topics.end()) {
      topics.push_back(record.topic);
    }
  }
  KAWAT_RETURN_IF_ERROR(storage_.catalog().WaitForRoom(topics, stopped_));
  if (prepared.empty()) {
    return absl::OkStatus();
  }
  return writer_.Submit(account_, std::move(prepared), stopped_);
}

absl::Status EmbeddedProducer::Flush(absl::Duration patience) {
  return writer_.WaitStored(account_, patience, stopped_);
}

void EmbeddedProducer::Stop() noexcept {
  stopped_ = true;
  storage_.catalog().Wake();
  writer_.Wake();
}

absl::Status EmbeddedConsumer::Assign(std::span<const Position> positions) {
  for (const Position& position : positions) {
    KAWAT_RETURN_IF_ERROR(storage_.catalog().Partition({position.topic, position.partition}).status());
  }
  next_.assign(positions.begin(), positions.end());
  began_ = next_;
  subscribed_ = false;
  return absl::OkStatus();
}

absl::Status EmbeddedConsumer::Subscribe(std::span<const std::string> topics) {
  std::vector<Position> positions;
  std::vector<std::size_t> fresh;  // those without a committed offset
  for (const std::string& name : topics) {
    KAWAT_ASSIGN_OR_RETURN(const TopicInfo topic, storage_.catalog().Topic(name));
    for (std::int32_t partition = 0; partition < topic.spec.partitions; ++partition) {
      const std::optional<std::int64_t> committed = storage_.catalog().Committed(group_, {name, partition});
      KAWAT_ASSIGN_OR_RETURN(const PartitionState state, storage_.catalog().Partition({name, partition}));
      positions.push_back({name, partition, committed.value_or(state.start)});
      if (!committed) {
        fresh.push_back(positions.size() - 1);
      }
    }
  }
  KAWAT_RETURN_IF_ERROR(CommitStarts(positions, fresh));
  began_ = positions;
  next_ = std::move(positions);
  subscribed_ = true;
  return absl::OkStatus();
}

absl::Status EmbeddedConsumer::CommitStarts(std::vector<Position>& positions, std::vector<std::size_t> fresh) {
  while (!fresh.empty()) {
    std::vector<Position> starts;
    starts.reserve(fresh.size());
    for (const std::size_t which : fresh) {
      starts.push_back(positions[which]);
    }
    KAWAT_RETURN_IF_ERROR(storage_.Commit(group_, starts, /*sync=*/true));
    // A trim may have passed the start before that commit; none passes the group after it.
    std::vector<std::size_t> passed;
    for (const std::size_t which : fresh) {
      Position& position = positions[which];
      KAWAT_ASSIGN_OR_RETURN(const PartitionState state,
                             storage_.catalog().Partition({position.topic, position.partition}));
      if (position.offset < state.start) {
        position.offset = state.start;
        passed.push_back(which);
      }
    }
    fresh = std::move(passed);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Record>> EmbeddedConsumer::Poll(const PollLimits& limits) {
  const absl::Time deadline = absl::Now() + limits.patience;
  while (true) {
    KAWAT_ASSIGN_OR_RETURN(const std::vector<std::int64_t> ends,
                           storage_.catalog().WaitForData(next_, deadline, stopped_));
    std::vector<Record> records;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < next_.size(); ++i) {
      const std::size_t which = (first_ + i) % next_.size();
      const bool room = records.empty() || (records.size() < limits.max_records && bytes < limits.max_bytes);
      if (room && next_[which].offset < ends[which]) {
        KAWAT_RETURN_IF_ERROR(storage_.Read(next_[which], ends[which], limits, bytes, records));
      }
    }
    ++first_;
    if (!records.empty() || absl::Now() >= deadline) {
      return records;
    }
  }
}

absl::Status EmbeddedConsumer::Commit(std::span<const Position> positions) {
  std::vector<Position> own;
  for (const Position& position : positions) {
    if (!subscribed_ || std::any_of(next_.begin(), next_.end(), [&](const Position& next) {
          return next.topic == position.topic && next.partition == position.partition;
        })) {
      own.push_back(position);
    }
  }
  return own.empty() ? absl::OkStatus() : storage_.Commit(group_, own, /*sync=*/subscribed_);
}

absl::StatusOr<OffsetRange> EmbeddedConsumer::Range(const TopicPartition& partition) {
  KAWAT_ASSIGN_OR_RETURN(const PartitionState state, storage_.catalog().Partition(partition));
  return OffsetRange{state.start, state.end};
}

absl::StatusOr<std::optional<Record>> EmbeddedConsumer::ReadAt(const TopicPartition& partition, std::int64_t offset) {
  return storage_.ReadAt(partition, offset);
}

void EmbeddedConsumer::Stop() noexcept {
  stopped_ = true;
  storage_.catalog().Wake();
}

}  // namespace kawat::bus::embedded
