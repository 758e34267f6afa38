#include "tests/support/memory_bus_clients.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/status.h"

namespace kawat::support {
namespace {

constexpr std::size_t kQueueBytes = 16 << 20;

bus::TopicPartition Partition(const bus::Position& position) { return {position.topic, position.partition}; }

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
    queue = FirstHalves(std::move(queue));
  }
  bus_.AppendAll(std::move(queue));
}

// Of what goes to each partition, since a broker stores them one by one.
std::vector<bus::Record> MemoryProducer::FirstHalves(std::vector<bus::Record> queue) {
  std::map<bus::TopicPartition, std::size_t> left;
  const auto place = [this](const bus::Record& record) {
    const std::string& key = record.partition_key.empty() ? record.key : record.partition_key;
    const std::int32_t count = bus_.PartitionCount(record.topic).value_or(1);
    return bus::TopicPartition{record.topic,
                               record.partition == bus::kByKey ? bus::PartitionOf(key, count) : record.partition};
  };
  for (const bus::Record& record : queue) {
    ++left[place(record)];
  }
  for (auto& [partition, records] : left) {
    records /= 2;
  }
  std::erase_if(queue, [&](const bus::Record& record) {
    std::size_t& kept = left[place(record)];
    return kept == 0 || kept-- == 0;
  });
  return queue;
}

absl::Status MemoryConsumer::Assign(std::span<const bus::Position> positions) {
  for (const bus::Position& position : positions) {
    KAWAT_RETURN_IF_ERROR(bus_.Range({position.topic, position.partition}).status());
  }
  next_.assign(positions.begin(), positions.end());
  began_ = next_;
  subscribed_.clear();
  LeaveGroup();
  return absl::OkStatus();
}

absl::Status MemoryConsumer::Subscribe(std::span<const std::string> topics) {
  std::vector<bus::TopicPartition> partitions;
  for (const std::string& topic : topics) {
    KAWAT_ASSIGN_OR_RETURN(const std::int32_t count, bus_.PartitionCount(topic));
    for (std::int32_t partition = 0; partition < count; ++partition) {
      partitions.push_back({topic, partition});
    }
  }
  subscribed_ = std::move(partitions);
  next_.clear();
  began_.clear();
  return Rebalance();
}

void MemoryConsumer::LeaveGroup() {
  if (member_ != 0) {
    bus_.Leave(group_, std::exchange(member_, 0));
  }
}

absl::Status MemoryConsumer::Rebalance() {
  if (!subscribed_.empty() && member_ == 0) {
    member_ = bus_.Join(group_);
  }
  for (const bus::TopicPartition& partition : subscribed_) {
    const auto is_it = [&](const bus::Position& position) { return Partition(position) == partition; };
    const bool has_it = std::any_of(next_.begin(), next_.end(), is_it);
    if (const bool own = bus_.IsOf(group_, member_, partition); own == has_it) {
      continue;
    } else if (!own) {
      std::erase_if(next_, is_it);
      std::erase_if(began_, is_it);
      continue;
    }
    KAWAT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> committed, bus_.Committed(group_, partition));
    KAWAT_ASSIGN_OR_RETURN(const bus::OffsetRange range, bus_.Range(partition));
    next_.push_back({partition.topic, partition.partition, committed.value_or(range.start)});
    began_.push_back(next_.back());
    bus_.Commit(group_, {&next_.back(), 1});
  }
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
    KAWAT_RETURN_IF_ERROR(Rebalance());
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
  std::vector<bus::Position> own(positions.begin(), positions.end());
  if (!subscribed_.empty()) {
    std::erase_if(own, [&](const bus::Position& position) {
      return member_ == 0 || !bus_.IsOf(group_, member_, Partition(position)) ||
             std::none_of(next_.begin(), next_.end(),
                          [&](const bus::Position& next) { return Partition(next) == Partition(position); });
    });
  }
  bus_.Commit(group_, own);
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
