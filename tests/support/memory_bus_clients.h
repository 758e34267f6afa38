// The producer and the consumer of MemoryBus; tests make them through the bus.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bus/bus.h"
#include "tests/support/faults.h"
#include "tests/support/memory_bus.h"

namespace kawat::support {

class MemoryProducer final : public bus::Producer {
 public:
  MemoryProducer(MemoryBus& bus, std::shared_ptr<Faults> faults) : bus_(bus), faults_(std::move(faults)) {}
  ~MemoryProducer() override { Settle(); }
  MemoryProducer(const MemoryProducer&) = delete;
  MemoryProducer& operator=(const MemoryProducer&) = delete;

  absl::Status Send(std::span<const bus::Record> records) override;
  absl::Status Flush(absl::Duration patience) override;
  void Stop() noexcept override { stopped_ = true; }

 private:
  absl::Status Usable() const;
  void Settle();  // what is queued meets its fate
  std::vector<bus::Record> FirstHalves(std::vector<bus::Record> queue);

  MemoryBus& bus_;
  std::shared_ptr<Faults> faults_;
  std::vector<bus::Record> queue_;
  std::size_t queued_bytes_ = 0;
  absl::Status failed_;
  std::atomic<bool> stopped_ = false;
};

class MemoryConsumer final : public bus::Consumer {
 public:
  MemoryConsumer(MemoryBus& bus, std::shared_ptr<Faults> faults, std::string_view group)
      : bus_(bus), faults_(std::move(faults)), group_(group) {}
  ~MemoryConsumer() override { LeaveGroup(); }
  MemoryConsumer(const MemoryConsumer&) = delete;
  MemoryConsumer& operator=(const MemoryConsumer&) = delete;

  // As a member that was silent for its session's time: others get its partitions, and it learns it at its next Poll,
  // which joins again.
  void LeaveGroup();

  absl::Status Assign(std::span<const bus::Position> positions) override;
  absl::Status Subscribe(std::span<const std::string> topics) override;
  absl::StatusOr<std::vector<bus::Record>> Poll(const bus::PollLimits& limits) override;
  std::vector<bus::Position> Assigned() const override { return began_; }
  absl::Status Commit(std::span<const bus::Position> positions) override;
  absl::StatusOr<bus::OffsetRange> Range(const bus::TopicPartition& partition) override;
  absl::StatusOr<std::optional<bus::Record>> ReadAt(const bus::TopicPartition& partition, std::int64_t offset) override;
  void Stop() noexcept override;

 private:
  absl::Status Rebalance();  // takes up what it was given, drops what was taken away

  MemoryBus& bus_;
  std::shared_ptr<Faults> faults_;
  std::string group_;
  std::vector<bus::TopicPartition> subscribed_;  // all partitions of the topics; empty: assigned
  int member_ = 0;                               // of the group; 0: none
  std::vector<bus::Position> began_;             // as assigned
  std::vector<bus::Position> next_;
  std::size_t first_ = 0;  // where the next Poll begins, so that no partition starves
  std::atomic<bool> stopped_ = false;
};

}  // namespace kawat::support
