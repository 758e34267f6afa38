// What holds for Kafka beyond the contract of every bus (tests/integration/bus).
#include <gmock/gmock.h>

#include <array>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "tests/integration/kafka/kafka_fixture.h"

namespace kawat::bus {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using KafkaBusTest = KafkaFixture;

std::string OutputOf(const std::string& command) {
  std::string output;
  FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  for (std::size_t count = 0; (count = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    output.append(buffer.data(), count);
  }
  ::pclose(pipe);
  return output;
}

TEST_F(KafkaBusTest, TheBrokerStampsTheAppendTime) {
  const std::string topic = NewTopic(*bus_, {});
  const absl::Time before = absl::Now();
  Store(*bus_, {MakeRecord(topic, 0, "key", "value")});
  ASSERT_OK_AND_ASSIGN(const auto consumer, bus_->NewConsumer(support::UniqueName("group")));
  ASSERT_OK_AND_ASSIGN(const auto record, consumer->ReadAt({topic, 0}, 0));
  ASSERT_TRUE(record.has_value());
  EXPECT_GE(record->append_time, before - absl::Milliseconds(1));
  EXPECT_LE(record->append_time, absl::Now() + absl::Milliseconds(1));
}

TEST_F(KafkaBusTest, ARecordOf6MiBPasses) {
  const std::string topic = NewTopic(*bus_, {.max_record_bytes = 6 << 20});
  std::string large((6 << 20) - 200, '\0');
  std::uint32_t noise = 1;
  for (char& c : large) {  // does not compress
    noise = noise * 1664525U + 1013904223U;
    c = static_cast<char>(noise >> 24U);
  }
  const std::vector<Record> sent(5, MakeRecord(topic, 0, "key", large));
  Store(*bus_, sent);

  ASSERT_OK_AND_ASSIGN(const auto consumer, bus_->NewConsumer(support::UniqueName("group")));
  ASSERT_OK(consumer->Assign(std::vector<Position>{{topic, 0, 0}}));
  ASSERT_OK_AND_ASSIGN(const std::vector<Record> records, PollAll(*consumer, sent.size()));
  ASSERT_THAT(records, SizeIs(sent.size()));
  for (const Record& record : records) {
    EXPECT_TRUE(record.value == large);
  }
  ASSERT_OK_AND_ASSIGN(const auto again, consumer->ReadAt({topic, 0}, 3));
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->value == large);

  ASSERT_OK_AND_ASSIGN(const auto producer, bus_->NewProducer());
  const Record too_large = MakeRecord(topic, 0, "key", large + std::string(200, 'x'));
  const absl::Status refused = producer->Send({&too_large, 1});
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(refused.message()), HasSubstr(topic));
  EXPECT_OK(producer->Send({sent.data(), 1})) << "a refusal is not sticky";
}

TEST_F(KafkaBusTest, ManyRecordsForATopicWithASmallLimitPass) {
  const std::string topic = NewTopic(*bus_, {.max_record_bytes = 1000});
  Store(*bus_, std::vector<Record>(5000, MakeRecord(topic, 0, "key", std::string(800, 'v'))));
  ASSERT_OK_AND_ASSIGN(const auto consumer, bus_->NewConsumer(support::UniqueName("group")));
  ASSERT_OK_AND_ASSIGN(const OffsetRange range, consumer->Range({topic, 0}));
  EXPECT_EQ(range.start, 0);
  EXPECT_EQ(range.end, 5000);
}

TEST_F(KafkaBusTest, CompactedRecordsAreGapsNotErrors) {
  const std::unique_ptr<Bus> bus =
      Open({{"segment.ms", "50"}, {"min.cleanable.dirty.ratio", "0.001"}, {"max.compaction.lag.ms", "100"}});
  const std::string topic = NewTopic(*bus, {.compacted = true, .retention = absl::InfiniteDuration()});
  ASSERT_OK_AND_ASSIGN(const auto consumer, bus->NewConsumer(support::UniqueName("group")));
  std::optional<Record> first;
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  int written = 0;
  do {  // the newest segment is never compacted, and each write may begin a new one
    Store(*bus, {MakeRecord(topic, 0, "key", absl::StrCat(written++))});
    ASSERT_OK_AND_ASSIGN(first, consumer->ReadAt({topic, 0}, 0));
  } while (first.has_value() && absl::Now() < deadline);
  ASSERT_EQ(first, std::nullopt) << "the broker did not compact";

  ASSERT_OK(consumer->Assign(std::vector<Position>{{topic, 0, 0}}));
  ASSERT_OK_AND_ASSIGN(const std::vector<Record> records, PollAll(*consumer, 1));
  ASSERT_FALSE(records.empty());
  EXPECT_GT(records.front().offset, 0);
  EXPECT_EQ(records.front().value, absl::StrCat(records.front().offset));
}

TEST_F(KafkaBusTest, ExpiredRecordsAreOutOfRangeAndNotSkipped) {
  const std::unique_ptr<Bus> bus = Open({{"segment.ms", "50"}});
  const std::string topic = NewTopic(*bus, {.retention = absl::Milliseconds(100)});
  ASSERT_OK_AND_ASSIGN(const auto consumer, bus->NewConsumer(support::UniqueName("group")));
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  OffsetRange range;
  do {
    Store(*bus, {MakeRecord(topic, 0, "key", "value")});
    ASSERT_OK_AND_ASSIGN(range, consumer->Range({topic, 0}));
  } while (range.start == 0 && absl::Now() < deadline);
  ASSERT_GT(range.start, 0) << "the broker expired nothing";

  ASSERT_OK(consumer->Assign(std::vector<Position>{{topic, 0, 0}}));
  const auto polled = PollAll(*consumer, 1);
  EXPECT_EQ(polled.status().code(), absl::StatusCode::kOutOfRange) << polled.status();
  EXPECT_EQ(consumer->Poll({}).status().code(), absl::StatusCode::kOutOfRange) << "it stays";
  ASSERT_OK_AND_ASSIGN(range, consumer->Range({topic, 0}));
  ASSERT_OK(consumer->Assign(std::vector<Position>{{topic, 0, range.end}}));
  Store(*bus, {MakeRecord(topic, 0, "key", "new")});
  ASSERT_OK_AND_ASSIGN(const auto records, PollAll(*consumer, 1));
  EXPECT_THAT(records, SizeIs(1));
}

TEST_F(KafkaBusTest, TopicsAreMadeOnce) {
  TopicSpec spec{.name = support::UniqueName("topic"), .partitions = 3, .replication = 0, .retention = absl::Hours(72)};
  ASSERT_OK_AND_ASSIGN(const auto made, bus_->CreateMissingTopics({&spec, 1}));
  EXPECT_THAT(made, ElementsAre(spec.name));
  spec.partitions = 5;
  ASSERT_OK_AND_ASSIGN(const auto again, bus_->CreateMissingTopics({&spec, 1}));
  EXPECT_THAT(again, IsEmpty());
  ASSERT_OK_AND_ASSIGN(const std::int32_t count, bus_->PartitionCount(spec.name));
  EXPECT_EQ(count, 3);
  EXPECT_EQ(bus_->PartitionCount(support::UniqueName("none")).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(KafkaBusTest, KawatsOwnTopicsCanBeMade) {
  const std::vector<TopicSpec> topics = Topics(2, 0);
  ASSERT_OK(bus_->CreateMissingTopics(topics));
  for (const TopicSpec& topic : topics) {
    EXPECT_OK(bus_->PartitionCount(topic.name));
  }
}

TEST_F(KafkaBusTest, KcatReadsATopic) {
  const std::string topic = NewTopic(*bus_, {});
  Record record = MakeRecord(topic, 0, "a/1", "Berita");
  record.origin = {1, "kawat.parsed", 0, 9, 0};
  Store(*bus_, {record});
  EXPECT_EQ(OutputOf(absl::StrCat("kcat -b ", address_, " -t ", topic, " -C -e -q -f '%k %s %h'")),
            "a/1 Berita kawat-origin=1/kawat.parsed/0/9/0");
}

TEST_F(KafkaBusTest, TheBrokerIsHeard) {
  EXPECT_GT(bus_->LastHeard(), absl::Now() - absl::Seconds(5));
  EXPECT_LE(bus_->LastHeard(), absl::Now());
}

}  // namespace
}  // namespace kawat::bus
