// What holds for every adapter of bus::Bus. An adapter's test program links kawat_bus_contract's source and
// instantiates it:
//
//   INSTANTIATE_TEST_SUITE_P(Memory, BusContract, testing::Values(+[] { return std::unique_ptr<BusHost>(...); }));
//
// Each test makes topics and groups with names of its own, so that one broker serves all. Offsets are only compared,
// never counted: a log may leave some out.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "bus/bus.h"

namespace kawat::bus {

// Owns a bus and what it lies on.
class BusHost {
 public:
  virtual ~BusHost() = default;
  virtual Bus& bus() = 0;
  virtual void Reopen() = 0;  // as a process that was killed and started again does; the log stays
  virtual absl::Duration patience() { return absl::Seconds(10); }  // within which anything happens
};

using BusHostFactory = std::unique_ptr<BusHost> (*)();

class BusContract : public testing::TestWithParam<BusHostFactory> {
 protected:
  void SetUp() override;

  Bus& bus() { return host_->bus(); }
  // A topic of this test's own; returns its name.
  std::string MakeTopic(std::int32_t partitions = 1) { return MakeTopic(TopicSpec{.partitions = partitions}); }
  std::string MakeTopic(TopicSpec spec);
  std::string UniqueName(std::string_view what);

  std::unique_ptr<Producer> NewProducer();
  std::unique_ptr<Consumer> NewConsumer(std::string_view group);
  // A consumer that reads all partitions of `topic` from the start.
  std::unique_ptr<Consumer> ReaderOf(const std::string& topic);

  // Sends and waits until it is stored.
  void Store(std::vector<Record> records);
  // Polls until there are `count` records; fails after the patience.
  std::vector<Record> Read(Consumer& consumer, std::size_t count, PollLimits limits = {});
  std::vector<Record> ReadAll(const std::string& topic, std::size_t count) { return Read(*ReaderOf(topic), count); }
  // Commits and waits until the log says so.
  void CommitAndWait(Consumer& consumer, std::string_view group, const Position& position);

  std::unique_ptr<BusHost> host_;
  std::string prefix_;
};

Record MakeRecord(std::string topic, std::string key, std::string value);
std::vector<std::string> Values(const std::vector<Record>& records);

}  // namespace kawat::bus
