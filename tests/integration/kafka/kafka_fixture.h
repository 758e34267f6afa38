// A bus on the shared broker, and what its tests say often.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "base/shutdown.h"
#include "bus/kafka/kafka.h"
#include "tests/support/kafka/broker.h"
#include "tests/support/status.h"

namespace kawat::bus {

inline constexpr absl::Duration kPatience = absl::Seconds(30);

inline Record MakeRecord(const std::string& topic, std::int32_t partition, std::string key, std::string value) {
  Record record;
  record.topic = topic;
  record.partition = partition;
  record.key = std::move(key);
  record.value = std::move(value);
  return record;
}

// Polls until `count` records have come or kPatience is over.
inline absl::StatusOr<std::vector<Record>> PollAll(Consumer& consumer, std::size_t count) {
  std::vector<Record> all;
  const absl::Time deadline = absl::Now() + kPatience;
  while (all.size() < count && absl::Now() < deadline) {
    absl::StatusOr<std::vector<Record>> some = consumer.Poll({});
    if (!some.ok()) {
      return some;
    }
    all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

class KafkaFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(address_, support::SharedKafka());
    bus_ = Open({});
    ASSERT_NE(bus_, nullptr);
  }

  std::unique_ptr<Bus> Open(std::map<std::string, std::string> topic_settings) {
    absl::StatusOr<std::unique_ptr<Bus>> bus =
        OpenKafka({.brokers = address_, .topic_settings = std::move(topic_settings)}, shutdown_);
    EXPECT_OK(bus);
    return bus.ok() ? *std::move(bus) : nullptr;
  }

  static std::string NewTopic(Bus& bus, TopicSpec spec) {
    spec.name = support::UniqueName("topic");
    EXPECT_OK(bus.CreateMissingTopics({&spec, 1}));
    return spec.name;
  }

  static void Store(Bus& bus, const std::vector<Record>& records) {
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Producer> producer, bus.NewProducer());
    ASSERT_OK(producer->Send(records));
    ASSERT_OK(producer->Flush(kPatience));
  }

  base::Shutdown shutdown_;
  std::string address_;
  std::unique_ptr<Bus> bus_;
};

}  // namespace kawat::bus
