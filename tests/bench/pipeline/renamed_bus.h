// A bus whose topics and groups have a prefix on the real one: so each run on a shared broker has topics of its own.
#pragma once

#include <string>

#include "tests/support/forwarding_bus.h"

namespace kawat::bench {

class RenamedBus final : public support::ForwardingBus {
 public:
  RenamedBus(bus::Bus& real, std::string prefix) : ForwardingBus(real), real_(real), prefix_(std::move(prefix)) {}

  absl::StatusOr<std::vector<std::string>> CreateMissingTopics(std::span<const bus::TopicSpec> topics) override;
  absl::StatusOr<std::unique_ptr<bus::Producer>> NewProducer() override;
  absl::StatusOr<std::unique_ptr<bus::Consumer>> NewConsumer(std::string_view group) override;

 private:
  bus::Bus& real_;
  std::string prefix_;
};

}  // namespace kawat::bench
