#include "tests/support/memory_bus_clients.h"

#include <utility>

#include "base/status.h"

namespace kawat::support {
namespace {

constexpr std::size_t kQueueBytes = 16 << 20;

}  // namespace

absl::Status MemoryProducer::Usable() const {
  return stopped_ ? absl::CancelledError("the producer was stopped") : failed_;
}

absl::Status MemoryProducer::Send(std::span<const bus::Record> records) {
  KAWAT_RETURN_IF_ERROR(Usable());
  KAWAT_RETURN_IF_ERROR(bus_.CheckSend(records));
  if (failed_ = faults_->OnCall(Call::kSend); !failed_.ok()) {
    return failed_;
  }
  for (const bus::Record& record : records) {
    queue_.push_back(record);
    queued_bytes_ += bus::SizeBytes(record);
  }
  if (queued_bytes_ >= kQueueBytes) {
    bus_.AppendAll(std::exchange(queue_, {}));
    queued_bytes_ = 0;
  }
  return absl::OkStatus();
}

absl::Status MemoryProducer::Flush(absl::Duration /*patience*/) {
  KAWAT_RETURN_IF_ERROR(Usable());
  if (failed_ = faults_->OnCall(Call::kFlush); !failed_.ok()) {
    Settle();
    return failed_;
  }
  bus_.AppendAll(std::exchange(queue_, {}));
  queued_bytes_ = 0;
  return absl::OkStatus();
}

void MemoryProducer::Settle() {
  std::vector<bus::Record> queue = std::exchange(queue_, {});
  if (faults_->fate() == Fate::kLost) {
    return;
  }
  if (faults_->fate() == Fate::kHalf) {
    queue.resize(queue.size() / 2);
  }
  bus_.AppendAll(std::move(queue));
}

absl::Status MemoryConsumer::Assign(std::span<const bus::Position> positions) {
  for (const bus::Position& position : positions) {
    KAWAT_RETURN_IF_ERROR(bus_.Range({position.topic, position.partition}).status());
  }
  next_.assign(positions.begin(), positions.end());
  return absl::OkStatus();
}

absl::Status MemoryConsumer::Subscribe(std::span<const std::string> topics) {
  std::vector<bus::Position> positions;
  for (const std::string& topic : topics) {
    KAWAT_ASSIGN_OR_RETURN(const std::int32_t count, bus_.PartitionCount(topic));
    for (std::int32_t partition = 0; partition < count; ++partition) {
      KAWAT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> committed, bus_.Committed(group_, {topic, partition}));
      KAWAT_ASSIGN_OR_RETURN(const bus::OffsetRange range, bus_.Range({topic, partition}));
      positions.push_back({topic, partition, committed.value_or(range.start)});
    }
  }
  next_ = positions;
  bus_.Commit(group_, positions);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<bus::Record>> MemoryConsumer::Poll(const bus::PollLimits& limits) {
  KAWAT_RETURN_IF_ERROR(faults_->OnCall(Call::kPoll));
  const absl::Time deadline = absl::Now() + limits.patience;
  std::int64_t seen = 0;
  bus_.WaitForMore(seen, absl::ZeroDuration());
  while (true) {
    if (stopped_) {
      return absl::CancelledError("the consumer was stopped");
    }
    std::vector<bus::Record> records;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < next_.size(); ++i) {
      KAWAT_RETURN_IF_ERROR(bus_.Read(next_[(first_ + i) % next_.size()], limits, bytes, records));
    }
    ++first_;
    const absl::Time now = absl::Now();
    if (!records.empty() || limits.patience <= absl::ZeroDuration() || now >= deadline) {
      return records;
    }
    bus_.WaitForMore(seen, deadline - now);
  }
}

absl::Status MemoryConsumer::Commit(std::span<const bus::Position> positions) {
  KAWAT_RETURN_IF_ERROR(faults_->OnCall(Call::kBusCommit));
  bus_.Commit(group_, positions);
  return absl::OkStatus();
}

absl::StatusOr<bus::OffsetRange> MemoryConsumer::Range(const bus::TopicPartition& partition) {
  return bus_.Range(partition);
}

absl::StatusOr<std::optional<bus::Record>> MemoryConsumer::ReadAt(const bus::TopicPartition& partition,
                                                                  std::int64_t offset) {
  return bus_.ReadAt(partition, offset);
}

void MemoryConsumer::Stop() noexcept {
  stopped_ = true;
  bus_.Wake();
}

}  // namespace kawat::support
