// The contract of bus::Bus: topics, sending, waiting and stopping.
#include <gmock/gmock.h>

#include <map>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/bus/bus_contract.h"
#include "tests/support/status.h"

namespace kawat::bus {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(BusContract, MakesOnlyTheTopicsThatAreMissing) {
  TopicSpec first{.name = UniqueName("a"), .partitions = 3, .retention = absl::Hours(24)};
  TopicSpec second{.name = UniqueName("b"), .partitions = 1, .retention = absl::Hours(24)};
  ASSERT_OK_AND_ASSIGN(auto made, bus().CreateMissingTopics(std::vector{first}));
  EXPECT_THAT(made, ElementsAre(first.name));
  first.partitions = 5;
  ASSERT_OK_AND_ASSIGN(made, bus().CreateMissingTopics(std::vector{first, second}));
  EXPECT_THAT(made, ElementsAre(second.name));
  ASSERT_OK_AND_ASSIGN(const std::int32_t partitions, bus().PartitionCount(first.name));
  EXPECT_EQ(partitions, 3) << "a topic is never changed";
}

TEST_P(BusContract, WhatDoesNotExistIsNotFound) {
  const std::string topic = MakeTopic();
  const std::string absent = UniqueName("absent");
  EXPECT_EQ(bus().PartitionCount(absent).status().code(), absl::StatusCode::kNotFound);
  const auto consumer = NewConsumer(UniqueName("group"));
  EXPECT_EQ(consumer->Range({absent, 0}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(consumer->Range({topic, 1}).status().code(), absl::StatusCode::kNotFound);
  const auto producer = NewProducer();
  EXPECT_EQ(producer->Send(std::vector{MakeRecord(absent, "k", "v")}).code(), absl::StatusCode::kNotFound);
}

TEST_P(BusContract, ARecordIsReadBackWhole) {
  const std::string topic = MakeTopic();
  Record full = MakeRecord(topic, std::string("\0key\xff", 5), std::string("\0value\xff", 7));
  full.origin = {3, "kawat.parsed", 2, 1LL << 40, 7};
  full.partition_key = "elsewhere";
  Record empty = MakeRecord(topic, "empty", "");
  Record tombstone = MakeRecord(topic, "gone", "");
  tombstone.value = std::nullopt;
  Store({full, empty, tombstone});

  const std::vector<Record> read = ReadAll(topic, 3);
  ASSERT_THAT(read, SizeIs(3));
  EXPECT_EQ(read[0].key, full.key);
  EXPECT_EQ(read[0].value, full.value);
  EXPECT_EQ(read[0].origin, full.origin);
  EXPECT_EQ(read[0].partition_key, "") << "it is not carried";
  EXPECT_EQ(read[1].value, "");
  EXPECT_EQ(read[1].origin, Origin());
  EXPECT_EQ(read[2].value, std::nullopt);
  for (const Record& record : read) {
    EXPECT_EQ(record.topic, topic);
    EXPECT_EQ(record.partition, 0);
    EXPECT_GE(record.offset, 0);
  }
}

TEST_P(BusContract, OrderIsKeptWithinAPartition) {
  const std::string topic = MakeTopic();
  const auto producer = NewProducer();
  std::vector<std::string> sent;
  for (int i = 0; i < 200; ++i) {
    sent.push_back(std::to_string(i));
    ASSERT_OK(producer->Send(std::vector{MakeRecord(topic, absl::StrCat("k", i % 7), sent.back())}));
    if (i % 50 == 0) {
      ASSERT_OK(producer->Flush(host_->patience()));
    }
  }
  ASSERT_OK(producer->Flush(host_->patience()));
  const std::vector<Record> read = ReadAll(topic, sent.size());
  EXPECT_EQ(Values(read), sent);
  for (std::size_t i = 1; i < read.size(); ++i) {
    EXPECT_GT(read[i].offset, read[i - 1].offset);
    EXPECT_GE(read[i].append_time, read[i - 1].append_time);
  }
}

TEST_P(BusContract, ThePartitionIsThatOfTheKeyOrThePartitionKeyOrAsAsked) {
  const std::string topic = MakeTopic(5);
  Record by_key = MakeRecord(topic, "key", "by key");
  Record by_partition_key = MakeRecord(topic, "key", "by partition key");
  by_partition_key.partition_key = "another";
  Record as_asked = MakeRecord(topic, "key", "as asked");
  as_asked.partition = (PartitionOf("key", 5) + 1) % 5;
  Store({by_key, by_partition_key, as_asked});
  std::map<std::string, std::int32_t> partitions;
  for (const Record& record : ReadAll(topic, 3)) {
    partitions[*record.value] = record.partition;
  }
  EXPECT_EQ(partitions["by key"], PartitionOf("key", 5));
  EXPECT_EQ(partitions["by partition key"], PartitionOf("another", 5));
  EXPECT_EQ(partitions["as asked"], as_asked.partition);
}

TEST_P(BusContract, ARecordAtItsTopicsLimitIsTakenAndAByteMoreIsNot) {
  const std::string topic = MakeTopic({.partitions = 1, .max_record_bytes = 100'000});
  Record record = MakeRecord(topic, "k", "");
  record.value->resize(100'000 - SizeBytes(record), 'x');
  Record larger = record;
  larger.value->push_back('x');
  const auto producer = NewProducer();
  EXPECT_EQ(producer->Send(std::vector{MakeRecord(topic, "k", "with it"), larger}).code(),
            absl::StatusCode::kInvalidArgument);
  ASSERT_OK(producer->Send(std::vector{record}));
  ASSERT_OK(producer->Flush(host_->patience()));
  const std::vector<Record> read = ReadAll(topic, 1);
  ASSERT_THAT(read, SizeIs(1));
  EXPECT_EQ(read[0].value, record.value) << "nothing of the refused call was queued";
}

TEST_P(BusContract, AnAnswerOfSeveralMiBPasses) {
  const std::string topic = MakeTopic({.partitions = 1, .max_record_bytes = 6 << 20});
  std::mt19937 random(1);
  std::string large(5 << 20, '\0');
  std::generate(large.begin(), large.end(), [&] { return static_cast<char>(random()); });
  Store({MakeRecord(topic, "a", large), MakeRecord(topic, "b", large)});
  const std::vector<Record> read = ReadAll(topic, 2);
  ASSERT_THAT(read, SizeIs(2));
  EXPECT_TRUE(read[0].value == large && read[1].value == large);
}

TEST_P(BusContract, FlushOfNothingIsOk) { EXPECT_OK(NewProducer()->Flush(host_->patience())); }

TEST_P(BusContract, ProducersDoNotDisturbEachOther) {
  const std::string topic = MakeTopic();
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([&, number] {
      const auto producer = NewProducer();
      for (int i = 0; i < 50; ++i) {
        EXPECT_OK(producer->Send(std::vector{MakeRecord(topic, std::to_string(number), std::to_string(i))}));
        if (i % 10 == 9) {
          EXPECT_OK(producer->Flush(host_->patience()));
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  std::map<std::string, int> next;
  for (const Record& record : ReadAll(topic, 200)) {
    EXPECT_EQ(*record.value, std::to_string(next[record.key]++));
  }
}

TEST_P(BusContract, PollKeepsItsLimits) {
  const std::string topic = MakeTopic();
  std::vector<Record> records;
  for (int i = 0; i < 10; ++i) {
    records.push_back(MakeRecord(topic, "k", absl::StrCat(i, std::string(1000, 'x'))));
  }
  Store(records);
  const auto by_count = ReaderOf(topic);
  EXPECT_THAT(Read(*by_count, 10, {.max_records = 3}), SizeIs(10));

  const auto by_bytes = ReaderOf(topic);
  std::size_t read = 0;
  for (const absl::Time deadline = absl::Now() + host_->patience(); read < 10 && absl::Now() < deadline;) {
    ASSERT_OK_AND_ASSIGN(const auto some, by_bytes->Poll({.max_bytes = 2500}));
    EXPECT_LE(some.size(), 2U);
    read += some.size();
  }
  EXPECT_EQ(read, 10U);

  const auto too_small = ReaderOf(topic);
  EXPECT_THAT(Read(*too_small, 10, {.max_bytes = 1}), SizeIs(10)) << "one record is returned, however large";
}

TEST_P(BusContract, PollOfNothingEndsAfterItsPatience) {
  const auto consumer = ReaderOf(MakeTopic());
  ASSERT_OK_AND_ASSIGN(const auto records, consumer->Poll({.patience = absl::Milliseconds(20)}));
  EXPECT_THAT(records, IsEmpty());
}

TEST_P(BusContract, AWaitingPollIsWokenByARecord) {
  const std::string topic = MakeTopic();
  const auto consumer = ReaderOf(topic);
  std::thread sender([&] { Store({MakeRecord(topic, "k", "v")}); });
  const absl::Time start = absl::Now();
  // A broker's consumer may need a poll or two to begin; each of them would wait for much longer than this test may
  // last.
  const std::vector<Record> read = Read(*consumer, 1, {.patience = absl::Minutes(10)});
  sender.join();
  EXPECT_THAT(Values(read), ElementsAre("v"));
  EXPECT_LT(absl::Now() - start, host_->patience() * 2);
}

TEST_P(BusContract, StopWakesAWaitingPoll) {
  const auto consumer = ReaderOf(MakeTopic());
  std::thread stopper([&] { consumer->Stop(); });
  absl::StatusOr<std::vector<Record>> records = consumer->Poll({.patience = absl::Minutes(10)});
  stopper.join();
  EXPECT_EQ(records.status().code(), absl::StatusCode::kCancelled);
}

TEST_P(BusContract, AStoppedProducerSendsNoMore) {
  const std::string topic = MakeTopic();
  const auto producer = NewProducer();
  producer->Stop();
  EXPECT_EQ(producer->Send(std::vector{MakeRecord(topic, "k", "v")}).code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace kawat::bus
