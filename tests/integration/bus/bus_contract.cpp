#include "tests/integration/bus/bus_contract.h"

#include <gmock/gmock.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/status.h"

namespace kawat::bus {

Record MakeRecord(std::string topic, std::string key, std::string value) {
  Record record;
  record.topic = std::move(topic);
  record.key = std::move(key);
  record.value = std::move(value);
  return record;
}

std::vector<std::string> Values(const std::vector<Record>& records) {
  std::vector<std::string> values;
  values.reserve(records.size());
  for (const Record& record : records) {
    values.push_back(record.value.value_or("(none)"));
  }
  return values;
}

void BusContract::SetUp() {
  host_ = GetParam()();
  prefix_ = absl::StrCat("contract-", std::random_device()(), "-", std::random_device()());
}

std::string BusContract::UniqueName(std::string_view what) { return absl::StrCat(prefix_, "-", std::string(what)); }

std::string BusContract::MakeTopic(TopicSpec spec) {
  static int count = 0;
  spec.name = UniqueName(absl::StrCat("topic", ++count));
  if (spec.retention == absl::ZeroDuration()) {
    spec.retention = absl::InfiniteDuration();
  }
  EXPECT_OK(bus().CreateMissingTopics(std::vector{spec}));
  return spec.name;
}

std::unique_ptr<Producer> BusContract::NewProducer() {
  auto producer = bus().NewProducer();
  EXPECT_OK(producer);
  return *std::move(producer);
}

std::unique_ptr<Consumer> BusContract::NewConsumer(std::string_view group) {
  auto consumer = bus().NewConsumer(group);
  EXPECT_OK(consumer);
  return *std::move(consumer);
}

std::unique_ptr<Consumer> BusContract::ReaderOf(const std::string& topic) {
  auto consumer = NewConsumer(UniqueName("reader"));
  const auto count = bus().PartitionCount(topic);
  EXPECT_OK(count);
  std::vector<Position> positions;
  for (std::int32_t partition = 0; partition < *count; ++partition) {
    const auto range = consumer->Range({topic, partition});
    EXPECT_OK(range);
    positions.push_back({topic, partition, range->start});
  }
  EXPECT_OK(consumer->Assign(positions));
  return consumer;
}

void BusContract::Store(std::vector<Record> records) {
  const auto producer = NewProducer();
  ASSERT_OK(producer->Send(records));
  ASSERT_OK(producer->Flush(host_->patience()));
}

std::vector<Record> BusContract::Read(Consumer& consumer, std::size_t count, PollLimits limits) {
  std::vector<Record> read;
  const absl::Time deadline = absl::Now() + host_->patience();
  while (read.size() < count) {
    auto records = consumer.Poll(limits);
    if (!records.ok() && absl::IsUnavailable(records.status()) && absl::Now() < deadline) {
      continue;
    }
    if (!records.ok() || (records->empty() && absl::Now() >= deadline)) {
      ADD_FAILURE() << "read " << read.size() << " of " << count << " records: " << records.status();
      break;
    }
    EXPECT_LE(records->size(), limits.max_records);
    read.insert(read.end(), records->begin(), records->end());
  }
  EXPECT_EQ(read.size(), count);
  return read;
}

void BusContract::CommitAndWait(Consumer& consumer, std::string_view group, const Position& position) {
  ASSERT_OK(consumer.Commit(std::vector{position}));
  const absl::Time deadline = absl::Now() + host_->patience();
  while (true) {
    const auto committed = bus().Committed(group, {position.topic, position.partition});
    ASSERT_OK(committed);
    if (*committed == position.offset) {
      return;
    }
    ASSERT_LT(absl::Now(), deadline) << "the commit of " << position.offset << " was not seen";
  }
}

}  // namespace kawat::bus
