// Consumer groups on Kafka: who reads what, and what is committed.
#include <gmock/gmock.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "bus/kafka/group.h"
#include "tests/integration/kafka/kafka_fixture.h"

namespace kawat::bus {
namespace {

using ::testing::SizeIs;

using KafkaGroupTest = KafkaFixture;

TEST_F(KafkaGroupTest, TheFirstMemberCommitsTheStartOfAPartitionWithoutRecordsToo) {
  const std::string topic = NewTopic(*bus_, {.partitions = 2});
  const std::string group = support::UniqueName("group");
  ASSERT_OK_AND_ASSIGN(const auto consumer, bus_->NewConsumer(group));
  ASSERT_OK(consumer->Subscribe(std::vector<std::string>{topic}));
  Store(*bus_, {MakeRecord(topic, 1, "key", "value")});
  ASSERT_OK_AND_ASSIGN(const auto records, PollAll(*consumer, 1));
  ASSERT_THAT(records, SizeIs(1));
  ASSERT_OK_AND_ASSIGN(const auto start, bus_->Committed(group, {topic, 0}));
  EXPECT_EQ(start, 0);
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

  EXPECT_THAT(members[0]->Assigned(), SizeIs(2));
  EXPECT_THAT(members[1]->Assigned(), SizeIs(2));

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
  EXPECT_THAT(members[0]->Assigned(), SizeIs(kPartitions));
}

TEST_F(KafkaGroupTest, OnlyUnreadRecordsThatAreOldEnoughBackUp) {
  const std::string topic = NewTopic(*bus_, {});
  const std::string group = support::UniqueName("group");
  Store(*bus_, {MakeRecord(topic, 0, "key", "value")});
  ASSERT_OK_AND_ASSIGN(const bool a_day_behind, bus_->IsBackedUp(topic, group));
  EXPECT_FALSE(a_day_behind) << "it is unread, but new";

  ASSERT_OK_AND_ASSIGN(const auto connection, kafka::Connection::New({.brokers = address_}));
  ASSERT_OK(connection->WaitForBroker(shutdown_));
  kafka::Catalog catalog(*connection);
  const auto is_behind = [&](absl::Time before) {
    return kafka::HasUnreadBefore(*connection, catalog, topic, group, before);
  };
  ASSERT_OK_AND_ASSIGN(const bool unread, is_behind(absl::Now() + absl::Minutes(1)));
  EXPECT_TRUE(unread);
  ASSERT_OK_AND_ASSIGN(const bool unread_and_old, is_behind(absl::Now() - absl::Minutes(1)));
  EXPECT_FALSE(unread_and_old);
  ASSERT_OK_AND_ASSIGN(const auto consumer, bus_->NewConsumer(group));
  ASSERT_OK(consumer->Subscribe(std::vector<std::string>{topic}));
  ASSERT_OK(PollAll(*consumer, 1));
  ASSERT_OK(consumer->Commit(std::vector<Position>{{topic, 0, 1}}));
  ASSERT_OK_AND_ASSIGN(const bool unread_after_the_commit, is_behind(absl::Now() + absl::Minutes(1)));
  EXPECT_FALSE(unread_after_the_commit);
}

}  // namespace
}  // namespace kawat::bus
