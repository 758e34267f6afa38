// The contract of bus::Bus: positions, groups, compaction, and what survives reopening.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/bus/bus_contract.h"
#include "tests/support/status.h"

namespace kawat::bus {
namespace {

using testing::ElementsAre;

constexpr PollLimits kOneAtATime = {.max_records = 1};

TEST_P(BusContract, AssignReadsFromTheOffsetGiven) {
  const std::string topic = MakeTopic(2);
  std::vector<Record> records;
  for (int i = 0; i < 6; ++i) {
    records.push_back(MakeRecord(topic, "k", std::to_string(i)));
    records.back().partition = i / 3;
  }
  Store(records);
  const std::vector<Record> all = ReadAll(topic, 6);
  const auto third = std::find_if(all.begin(), all.end(), [](const Record& record) { return record.value == "2"; });
  ASSERT_NE(third, all.end());

  const auto consumer = NewConsumer(UniqueName("group"));
  ASSERT_OK(consumer->Assign(std::vector{Position{topic, 0, third->offset}}));
  EXPECT_THAT(Values(Read(*consumer, 1)), ElementsAre("2")) << "not what partition 1 holds";
  ASSERT_OK(consumer->Assign(std::vector{Position{topic, 1, 0}}));
  EXPECT_THAT(Values(Read(*consumer, 3)), ElementsAre("3", "4", "5"));
}

TEST_P(BusContract, AnOffsetBeyondTheEndIsOutOfRange) {
  const std::string topic = MakeTopic();
  Store({MakeRecord(topic, "k", "v")});
  const auto consumer = NewConsumer(UniqueName("group"));
  ASSERT_OK_AND_ASSIGN(const OffsetRange range, consumer->Range({topic, 0}));
  ASSERT_OK(consumer->Assign(std::vector{Position{topic, 0, range.end + 5}}));
  const absl::Time deadline = absl::Now() + host_->patience();
  absl::Status status;
  while (!absl::IsOutOfRange(status) && absl::Now() < deadline) {
    const auto records = consumer->Poll({});
    ASSERT_TRUE(!records.ok() || records->empty());
    status = records.status();
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
}

TEST_P(BusContract, NoPartitionStarves) {
  const std::string topic = MakeTopic(3);
  std::vector<Record> records;
  for (int i = 0; i < 300; ++i) {
    records.push_back(MakeRecord(topic, "k", "v"));
    records.back().partition = i % 3;
  }
  Store(records);
  const auto consumer = ReaderOf(topic);
  std::map<std::int32_t, int> seen;
  for (const Record& record : Read(*consumer, 300, {.max_records = 10})) {
    ++seen[record.partition];
  }
  EXPECT_THAT(seen, ElementsAre(std::pair(0, 100), std::pair(1, 100), std::pair(2, 100)));
}

TEST_P(BusContract, RangeAndReadAtTellWhatThePartitionHolds) {
  const std::string topic = MakeTopic();
  const auto consumer = NewConsumer(UniqueName("group"));
  ASSERT_OK_AND_ASSIGN(const OffsetRange before, consumer->Range({topic, 0}));
  EXPECT_EQ(before.start, before.end);
  Store({MakeRecord(topic, "k", "first"), MakeRecord(topic, "k", "second")});
  const std::vector<Record> read = ReadAll(topic, 2);
  ASSERT_OK_AND_ASSIGN(const OffsetRange range, consumer->Range({topic, 0}));
  EXPECT_LE(range.start, read[0].offset);
  EXPECT_GT(range.end, read[1].offset);
  for (const Record& record : read) {
    ASSERT_OK_AND_ASSIGN(const auto found, consumer->ReadAt({topic, 0}, record.offset));
    EXPECT_EQ(found, record);
  }
  ASSERT_OK_AND_ASSIGN(const auto beyond, consumer->ReadAt({topic, 0}, range.end));
  EXPECT_EQ(beyond, std::nullopt);
  ASSERT_OK_AND_ASSIGN(const auto far_beyond, consumer->ReadAt({topic, 0}, range.end + 100));
  EXPECT_EQ(far_beyond, std::nullopt);
}

TEST_P(BusContract, ReadAtDoesNotMoveThePosition) {
  const std::string topic = MakeTopic();
  Store({MakeRecord(topic, "k", "0"), MakeRecord(topic, "k", "1"), MakeRecord(topic, "k", "2")});
  const auto consumer = ReaderOf(topic);
  const std::vector<Record> first = Read(*consumer, 1, kOneAtATime);
  ASSERT_OK(consumer->ReadAt({topic, 0}, first[0].offset));
  EXPECT_THAT(Values(Read(*consumer, 2, kOneAtATime)), ElementsAre("1", "2"));
}

TEST_P(BusContract, EachGroupHasItsOwnCommittedOffset) {
  const std::string topic = MakeTopic();
  Store({MakeRecord(topic, "k", "v"), MakeRecord(topic, "k", "v")});
  const std::vector<Record> read = ReadAll(topic, 2);
  const std::string group = UniqueName("group");
  const auto consumer = NewConsumer(group);
  ASSERT_OK(consumer->Assign(std::vector{Position{topic, 0, read[0].offset}}));
  ASSERT_OK_AND_ASSIGN(const auto none, bus().Committed(group, {topic, 0}));
  EXPECT_EQ(none, std::nullopt);
  CommitAndWait(*consumer, group, {topic, 0, read[1].offset});
  ASSERT_OK_AND_ASSIGN(const auto others, bus().Committed(UniqueName("another"), {topic, 0}));
  EXPECT_EQ(others, std::nullopt);
}

TEST_P(BusContract, ASubscriberStartsAtTheStartAndCommitsThat) {
  const std::string topic = MakeTopic();
  Store({MakeRecord(topic, "k", "0"), MakeRecord(topic, "k", "1")});
  const std::string group = UniqueName("group");
  const auto consumer = NewConsumer(group);
  ASSERT_OK(consumer->Subscribe(std::vector{topic}));
  EXPECT_THAT(Values(Read(*consumer, 2)), ElementsAre("0", "1"));
  ASSERT_OK_AND_ASSIGN(const OffsetRange range, consumer->Range({topic, 0}));
  ASSERT_OK_AND_ASSIGN(const auto committed, bus().Committed(group, {topic, 0}));
  EXPECT_EQ(committed, range.start);
}

TEST_P(BusContract, ASubscriberGoesOnWhereItsGroupCommitted) {
  const std::string topic = MakeTopic(2);
  std::vector<Record> records;
  for (int i = 0; i < 8; ++i) {
    records.push_back(MakeRecord(topic, "k", std::to_string(i)));
    records.back().partition = i % 2;
  }
  Store(records);
  const std::string group = UniqueName("group");
  {
    const auto consumer = NewConsumer(group);
    ASSERT_OK(consumer->Subscribe(std::vector{topic}));
    std::vector<Position> positions;
    for (const Record& record : Read(*consumer, 8)) {
      if (record.value == "2" || record.value == "5") {
        positions.push_back({topic, record.partition, record.offset + 1});
      }
    }
    ASSERT_OK(consumer->Commit(positions));
  }
  host_->Reopen();
  const auto successor = NewConsumer(group);
  ASSERT_OK(successor->Subscribe(std::vector{topic}));
  std::vector<std::string> rest = Values(Read(*successor, 3));
  std::sort(rest.begin(), rest.end());
  EXPECT_THAT(rest, ElementsAre("4", "6", "7"));
}

TEST_P(BusContract, AConsumerTellsWhatItReadsAndWhereThatBegan) {
  const std::string topic = MakeTopic(2);
  Store({MakeRecord(topic, "k", "0"), MakeRecord(topic, "k", "1")});
  const std::vector<Record> records = ReadAll(topic, 2);
  ASSERT_EQ(records.size(), 2u);
  const Position second{topic, records[1].partition, records[1].offset};
  const std::string group = UniqueName("group");
  const auto consumer = NewConsumer(group);
  EXPECT_THAT(consumer->Assigned(), testing::IsEmpty());
  ASSERT_OK(consumer->Assign(std::vector{second}));
  EXPECT_THAT(consumer->Assigned(), ElementsAre(second));
  EXPECT_THAT(Values(Read(*consumer, 1)), ElementsAre("1"));
  EXPECT_THAT(consumer->Assigned(), ElementsAre(second)) << "it began there";
  CommitAndWait(*consumer, group, second);

  const auto member = NewConsumer(group);
  ASSERT_OK(member->Subscribe(std::vector{topic}));
  EXPECT_THAT(Values(Read(*member, 1)), ElementsAre("1"));
  ASSERT_OK_AND_ASSIGN(const OffsetRange empty, member->Range({topic, 1 - second.partition}));
  EXPECT_THAT(member->Assigned(),
              testing::UnorderedElementsAre(second, Position{topic, 1 - second.partition, empty.start}));
}

TEST_P(BusContract, WhatWasAcknowledgedIsThereAfterReopening) {
  const std::string topic = MakeTopic(2);
  std::vector<Record> records;
  for (int i = 0; i < 50; ++i) {
    records.push_back(MakeRecord(topic, std::to_string(i), std::to_string(i)));
  }
  Store(records);
  const std::vector<Record> before = ReadAll(topic, 50);
  const std::string group = UniqueName("group");
  {
    const auto consumer = ReaderOf(topic);
    const auto committer = NewConsumer(group);
    ASSERT_OK(committer->Assign(std::vector{Position{topic, 1, 0}}));
    CommitAndWait(*committer, group, {topic, 1, 3});
  }
  host_->Reopen();
  const auto by_place = [](const Record& a, const Record& b) {
    return std::pair(a.partition, a.offset) < std::pair(b.partition, b.offset);
  };
  std::vector<Record> after = ReadAll(topic, 50);
  std::sort(after.begin(), after.end(), by_place);
  std::vector<Record> expected = before;
  std::sort(expected.begin(), expected.end(), by_place);
  EXPECT_EQ(after, expected);
  ASSERT_OK_AND_ASSIGN(const auto committed, bus().Committed(group, {topic, 1}));
  EXPECT_EQ(committed, 3);
}

TEST_P(BusContract, ACompactedTopicKeepsTheNewestOfEachKey) {
  const std::string topic = MakeTopic({.partitions = 1, .compacted = true});
  Store({MakeRecord(topic, "a", "1"), MakeRecord(topic, "b", "1"), MakeRecord(topic, "a", "2")});
  Record gone = MakeRecord(topic, "b", "");
  gone.value = std::nullopt;
  Store({gone, MakeRecord(topic, "c", "3")});
  std::map<std::string, std::optional<std::string>> newest;
  const auto consumer = ReaderOf(topic);
  while (!newest.contains("c")) {
    for (const Record& record : Read(*consumer, 1, kOneAtATime)) {
      newest[record.key] = record.value;
    }
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_THAT(newest, ElementsAre(std::pair("a", "2"), std::pair("b", std::nullopt), std::pair("c", "3")));
}

TEST_P(BusContract, AGroupThatHasReadAllIsNotBehind) {
  const std::string topic = MakeTopic();
  const std::string group = UniqueName("group");
  const auto consumer = NewConsumer(group);
  ASSERT_OK(consumer->Assign(std::vector{Position{topic, 0, 0}}));
  CommitAndWait(*consumer, group, {topic, 0, 0});
  ASSERT_OK_AND_ASSIGN(const bool backed_up, bus().IsBackedUp(topic, group));
  EXPECT_FALSE(backed_up);
}

// Random sends, flushes, reads and reopenings against one list a partition.
TEST_P(BusContract, BehavesLikeListsUnderRandomUse) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const auto below = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
  const std::string topic = MakeTopic(3);
  std::map<std::int32_t, std::vector<std::string>> sent;
  std::map<std::int32_t, std::vector<std::string>> read;
  std::map<std::int32_t, std::int64_t> next;
  int number = 0;
  for (int round = 0; round < 8; ++round) {
    auto producer = NewProducer();
    auto consumer = NewConsumer(UniqueName("group"));
    std::vector<Position> positions;
    for (std::int32_t partition = 0; partition < 3; ++partition) {
      positions.push_back({topic, partition, next[partition]});
    }
    ASSERT_OK(consumer->Assign(positions));
    std::size_t stored = 0;
    for (unsigned step = 0; step < 10; ++step) {
      std::vector<Record> records;
      for (unsigned i = below(12); i > 0; --i) {
        records.push_back(MakeRecord(topic, absl::StrCat("k", below(20)), std::to_string(number++)));
        records.back().value->append(below(3000), 'x');
        sent[PartitionOf(records.back().key, 3)].push_back(*records.back().value);
      }
      stored += records.size();
      ASSERT_OK(producer->Send(records));
      if (below(3) == 0) {
        ASSERT_OK(producer->Flush(host_->patience()));
      }
    }
    ASSERT_OK(producer->Flush(host_->patience()));
    for (const Record& record : Read(*consumer, stored, {.max_records = 1 + below(50), .max_bytes = 1 + below(9000)})) {
      EXPECT_GE(record.offset, next[record.partition]);
      next[record.partition] = record.offset + 1;
      read[record.partition].push_back(*record.value);
    }
    ASSERT_EQ(read, sent);
    producer.reset();
    consumer.reset();
    if (below(2) == 0) {
      host_->Reopen();
    }
  }
}

}  // namespace
}  // namespace kawat::bus
