// A bus that hands every call on to another one: for tests that change one of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bus/bus.h"

namespace kawat::support {

class ForwardingBus : public bus::Bus {
 public:
  explicit ForwardingBus(bus::Bus& real) : real_(real) {}  // which must outlive it

  absl::StatusOr<std::vector<std::string>> CreateMissingTopics(std::span<const bus::TopicSpec> topics) override {
    return real_.CreateMissingTopics(topics);
  }
  absl::StatusOr<std::int32_t> PartitionCount(std::string_view topic) override { return real_.PartitionCount(topic); }
  absl::StatusOr<std::unique_ptr<bus::Producer>> NewProducer() override { return real_.NewProducer(); }
  absl::StatusOr<std::unique_ptr<bus::Consumer>> NewConsumer(std::string_view group) override {
    return real_.NewConsumer(group);
  }
  absl::StatusOr<std::optional<std::int64_t>> Committed(std::string_view group,
                                                        const bus::TopicPartition& partition) override {
    return real_.Committed(group, partition);
  }
  absl::StatusOr<bool> IsBackedUp(std::string_view topic, std::string_view group) override {
    return real_.IsBackedUp(topic, group);
  }
  absl::Time LastHeard() override { return real_.LastHeard(); }

 private:
  bus::Bus& real_;
};

}  // namespace kawat::support
