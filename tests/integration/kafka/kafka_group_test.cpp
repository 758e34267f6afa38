// Consumer groups on Kafka: who reads what, and what is committed.
#include <gmock/gmock.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "tests/integration/kafka/kafka_fixture.h"

namespace kawat::bus {
namespace {

using ::testing::SizeIs;

using KafkaGroupTest = KafkaFixture;

TEST_F(KafkaGroupTest, TheFirstMemberCommitsTheStartOfEachPartition) {
  const std::string topic = NewTopic(*bus_, {.partitions = 2});
  const std::string group = support::UniqueName("group");
  ASSERT_OK_AND_ASSIGN(const auto consumer, bus_->NewConsumer(group));
  ASSERT_OK(consumer->Subscribe(std::vector<std::string>{topic}));
  Store(*bus_, {MakeRecord(topic, 1, "key", "value")});
  ASSERT_OK_AND_ASSIGN(const auto records, PollAll(*consumer, 1));
  ASSERT_THAT(records, SizeIs(1));
  ASSERT_OK_AND_ASSIGN(const auto start, bus_->Committed(group, {topic, 0}));
  EXPECT_EQ(start, 0);
  ASSERT_OK(consumer->Commit(std::vector<Position>{{topic, 1, 1}}));
  ASSERT_OK_AND_ASSIGN(const auto committed, bus_->Committed(group, {topic, 1}));
  EXPECT_EQ(committed, 1);
  ASSERT_OK_AND_ASSIGN(const auto other, bus_->Committed(support::UniqueName("group"), {topic, 1}));
  EXPECT_EQ(other, std::nullopt);
}

TEST_F(KafkaGroupTest, TheNextMemberGoesOnAtTheCommittedOffset) {
  const std::string topic = NewTopic(*bus_, {});
  const std::string group = support::UniqueName("group");
  Store(*bus_, {MakeRecord(topic, 0, "key", "0"), MakeRecord(topic, 0, "key", "1"), MakeRecord(topic, 0, "key", "2")});
  {
    ASSERT_OK_AND_ASSIGN(const auto consumer, bus_->NewConsumer(group));
    ASSERT_OK(consumer->Subscribe(std::vector<std::string>{topic}));
    ASSERT_OK(PollAll(*consumer, 3));
    ASSERT_OK(consumer->Commit(std::vector<Position>{{topic, 0, 2}}));
  }
  ASSERT_OK_AND_ASSIGN(const auto consumer, bus_->NewConsumer(group));
  ASSERT_OK(consumer->Subscribe(std::vector<std::string>{topic}));
  ASSERT_OK_AND_ASSIGN(const auto records, PollAll(*consumer, 1));
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].value, "2");
}

TEST_F(KafkaGroupTest, TwoMembersShareThePartitionsByRange) {
  constexpr int kPartitions = 4;
  const std::string topic = NewTopic(*bus_, {.partitions = kPartitions});
  const std::string group = support::UniqueName("group");
  std::vector<std::unique_ptr<Consumer>> members;
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK_AND_ASSIGN(members.emplace_back(), bus_->NewConsumer(group));
    ASSERT_OK(members.back()->Subscribe(std::vector<std::string>{topic}));
  }
  // Each round a record a partition, until both members got theirs in one round: the group has settled.
  const absl::Time deadline = absl::Now() + kPatience;
  std::set<std::int32_t> seen[2];
  for (int round = 0; absl::Now() < deadline && (seen[0].size() != 2 || seen[1].size() != 2); ++round) {
    std::vector<Record> records(kPartitions);
    for (int p = 0; p < kPartitions; ++p) {
      records[static_cast<std::size_t>(p)] = MakeRecord(topic, p, absl::StrCat("key", p), absl::StrCat(round));
    }
    Store(*bus_, records);
    seen[0].clear();
    seen[1].clear();
    for (int tries = 0; tries < 20 && seen[0].size() + seen[1].size() < kPartitions; ++tries) {
      for (int i = 0; i < 2; ++i) {
        ASSERT_OK_AND_ASSIGN(const auto some, members[i]->Poll({}));
        for (const Record& record : some) {
          if (record.value == absl::StrCat(round)) {
            seen[i].insert(record.partition);
          }
          ASSERT_OK(members[i]->Commit(std::vector<Position>{{topic, record.partition, record.offset + 1}}));
        }
      }
    }
  }
  const std::set<std::set<std::int32_t>> shares = {seen[0], seen[1]};
  EXPECT_EQ(shares, (std::set<std::set<std::int32_t>>{{0, 1}, {2, 3}}));

  // A member's commit leaves out what is another's.
  const std::int32_t foreign = *seen[1].begin();
  ASSERT_OK_AND_ASSIGN(const auto before, bus_->Committed(group, {topic, foreign}));
  EXPECT_OK(members[0]->Commit(std::vector<Position>{{topic, foreign, 100'000}}));
  ASSERT_OK_AND_ASSIGN(const auto after, bus_->Committed(group, {topic, foreign}));
  EXPECT_EQ(before, after);

  // When one leaves, the other reads all, and nothing is lost.
  members[1].reset();
  Store(*bus_, {MakeRecord(topic, 0, "key", "last"), MakeRecord(topic, 3, "key", "last")});
  std::set<std::int32_t> last;
  while (last.size() < 2 && absl::Now() < deadline + kPatience) {
    ASSERT_OK_AND_ASSIGN(const auto some, members[0]->Poll({}));
    for (const Record& record : some) {
      if (record.value == "last") {
        last.insert(record.partition);
      }
    }
  }
  EXPECT_EQ(last, (std::set<std::int32_t>{0, 3}));
}

TEST_F(KafkaGroupTest, AnAssignedConsumerCommitsForMonitors) {
  const std::string topic = NewTopic(*bus_, {});
  const std::string group = support::UniqueName("group");
  ASSERT_OK_AND_ASSIGN(const auto consumer, bus_->NewConsumer(group));
  ASSERT_OK(consumer->Assign(std::vector<Position>{{topic, 0, 0}}));
  ASSERT_OK(consumer->Commit(std::vector<Position>{{topic, 0, 0}}));
  std::optional<std::int64_t> committed;
  for (const absl::Time deadline = absl::Now() + kPatience; committed != 0 && absl::Now() < deadline;) {
    ASSERT_OK(consumer->Poll({}));
    ASSERT_OK_AND_ASSIGN(committed, bus_->Committed(group, {topic, 0}));
  }
  EXPECT_EQ(committed, 0);
}

TEST_F(KafkaGroupTest, OnlyUnreadRecordsOlderThanADayBackUp) {
  const std::string topic = NewTopic(*bus_, {});
  Store(*bus_, {MakeRecord(topic, 0, "key", "value")});
  ASSERT_OK_AND_ASSIGN(const bool backed_up, bus_->IsBackedUp(topic, support::UniqueName("group")));
  EXPECT_FALSE(backed_up) << "it is unread, but new";
}

}  // namespace
}  // namespace kawat::bus
