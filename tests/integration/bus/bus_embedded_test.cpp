// What only the embedded log does: it deletes, and makes producers wait.
#include <gmock/gmock.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "bus/embedded/embedded_bus.h"
#include "tests/integration/bus/bus_contract.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait.h"

namespace kawat::bus {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class EmbeddedTest : public testing::Test {
 protected:
  EmbeddedTest() { Open(); }

  void Open() {
    bus_.reset();
    auto bus = OpenEmbedded(folder_.path(), clock_);
    ASSERT_OK(bus);
    bus_ = *std::move(bus);
  }
  void MakeTopic(TopicSpec spec) {
    spec.name = "t";
    ASSERT_OK(bus_->CreateMissingTopics(std::vector{spec}));
  }
  void Store(std::vector<Record> records) {
    ASSERT_OK_AND_ASSIGN(const auto producer, bus_->NewProducer());
    ASSERT_OK(producer->Send(records));
    ASSERT_OK(producer->Flush(absl::Seconds(30)));
  }
  void Store(const std::string& key, const std::string& value) { Store({MakeRecord("t", key, value)}); }
  void Delete(const std::string& key) {
    Record record = MakeRecord("t", key, "");
    record.value = std::nullopt;
    Store({record});
  }
  void Commit(const std::string& group, std::int64_t offset) {
    ASSERT_OK_AND_ASSIGN(const auto consumer, bus_->NewConsumer(group));
    ASSERT_OK(consumer->Commit(std::vector{Position{"t", 0, offset}}));
  }
  // After this much time the log has trimmed what it may. Opening it trims.
  void Pass(absl::Duration time) {
    clock_.Advance(time);
    Open();
  }
  OffsetRange Range() {
    auto consumer = bus_->NewConsumer("asker");
    auto range = (*consumer)->Range({"t", 0});
    EXPECT_OK(range);
    return *range;
  }
  // "offset key=value" of all that is there.
  std::vector<std::string> Content() {
    std::vector<std::string> content;
    auto consumer = bus_->NewConsumer("asker");
    EXPECT_OK((*consumer)->Assign(std::vector{Position{"t", 0, Range().start}}));
    while (true) {
      auto records = (*consumer)->Poll({.patience = absl::ZeroDuration()});
      EXPECT_OK(records);
      if (!records.ok() || records->empty()) {
        return content;
      }
      for (const Record& record : *records) {
        content.push_back(absl::StrCat(record.offset, " ", record.key, "=", record.value.value_or("(none)")));
      }
    }
  }

  support::TempFolder folder_;
  support::FakeClock clock_;
  std::unique_ptr<Bus> bus_;
};

TEST_F(EmbeddedTest, AppendTimesAreTheClocksAndNeverGoBack) {
  MakeTopic({.retention = absl::InfiniteDuration()});
  const absl::Time start = absl::FromUnixMillis(absl::ToUnixMillis(clock_.Now()));
  Store("k", "0");
  clock_.Advance(absl::Milliseconds(5) + absl::Microseconds(300));
  Store("k", "1");
  clock_.Advance(-absl::Hours(1));
  Store("k", "2");
  Open();
  Store("k", "3");
  ASSERT_OK_AND_ASSIGN(const auto consumer, bus_->NewConsumer("g"));
  ASSERT_OK(consumer->Assign(std::vector{Position{"t", 0, 0}}));
  ASSERT_OK_AND_ASSIGN(const auto records, consumer->Poll({}));
  std::vector<absl::Duration> times;
  times.reserve(records.size());
  for (const Record& record : records) {
    times.push_back(record.append_time - start);
  }
  const absl::Duration later = absl::Milliseconds(5);
  EXPECT_THAT(times, ElementsAre(absl::ZeroDuration(), later, later, later));
}

TEST_F(EmbeddedTest, ASupersededRecordIsGoneWhenItsSuccessorIsThere) {
  MakeTopic({.compacted = true, .retention = absl::InfiniteDuration()});
  Store({MakeRecord("t", "a", "1"), MakeRecord("t", "b", "1"), MakeRecord("t", "a", "2")});
  EXPECT_THAT(Content(), ElementsAre("1 b=1", "2 a=2"));
  Store("b", "3");
  EXPECT_THAT(Content(), ElementsAre("2 a=2", "3 b=3"));
  Open();
  Store("a", "4");
  EXPECT_THAT(Content(), ElementsAre("3 b=3", "4 a=4"));
  EXPECT_EQ(Range().start, 0) << "compaction does not move the start: offset 0 is no error for a reader";
}

TEST_F(EmbeddedTest, ATombstoneGoesAfterADayWhenAllGroupsHaveReadIt) {
  MakeTopic({.compacted = true, .retention = absl::InfiniteDuration()});
  Store("a", "1");
  Commit("slow", 0);
  Delete("a");
  EXPECT_THAT(Content(), ElementsAre("1 a=(none)"));
  Pass(absl::Hours(48));
  EXPECT_THAT(Content(), ElementsAre("1 a=(none)")) << "slow has not read it";
  Commit("slow", 2);
  Pass(absl::Hours(1));
  EXPECT_THAT(Content(), IsEmpty());
  Delete("a");
  Store("b", "2");
  Pass(absl::Hours(1));
  EXPECT_THAT(Content(), ElementsAre("2 a=(none)", "3 b=2")) << "a new tombstone is kept for a day";
  EXPECT_EQ(Range().end, 4);
}

TEST_F(EmbeddedTest, RetentionTrimsByAge) {
  MakeTopic({.retention = absl::Hours(72)});
  for (int day = 0; day < 6; ++day) {
    Store("k", std::to_string(day));
    clock_.Advance(absl::Hours(24));
  }
  Open();
  EXPECT_THAT(Content(), ElementsAre("3 k=3", "4 k=4", "5 k=5"));
  Pass(absl::Hours(1000));
  EXPECT_THAT(Content(), IsEmpty());
  Store("k", "new");
  EXPECT_THAT(Content(), ElementsAre("6 k=new")) << "offsets are never used again";
}

TEST_F(EmbeddedTest, AnAppendTrimsWhenItIsTime) {
  MakeTopic({.retention = absl::Hours(1)});
  Store("k", "0");
  clock_.Advance(absl::Hours(2));
  Store("k", "1");
  EXPECT_THAT(Content(), ElementsAre("1 k=1"));
}

TEST_F(EmbeddedTest, RetentionNeverPassesTheSlowestGroup) {
  MakeTopic({.retention = absl::Hours(1)});
  for (int i = 0; i < 4; ++i) {
    Store("k", std::to_string(i));
  }
  Commit("fast", 4);
  Commit("slow", 2);
  Pass(absl::Hours(100));
  EXPECT_THAT(Content(), ElementsAre("2 k=2", "3 k=3"));
  Commit("slow", 3);
  Pass(absl::Hours(1));
  EXPECT_THAT(Content(), ElementsAre("3 k=3"));
}

TEST_F(EmbeddedTest, AReaderBelowTheStartIsTold) {
  MakeTopic({.retention = absl::Hours(1)});
  Store("k", "0");
  Pass(absl::Hours(2));
  ASSERT_OK_AND_ASSIGN(const auto consumer, bus_->NewConsumer("g"));
  ASSERT_OK(consumer->Assign(std::vector{Position{"t", 0, 0}}));
  EXPECT_EQ(consumer->Poll({}).status().code(), absl::StatusCode::kOutOfRange);
  ASSERT_OK_AND_ASSIGN(const auto record, consumer->ReadAt({"t", 0}, 0));
  EXPECT_EQ(record, std::nullopt);
}

TEST_F(EmbeddedTest, ACompactedTopicIsTrimmedByAgeTooAndForgetsTheKeys) {
  MakeTopic({.compacted = true, .retention = absl::Hours(72)});
  Store({MakeRecord("t", "a", "1"), MakeRecord("t", "b", "1"), MakeRecord("t", "c", "1")});
  Delete("c");
  clock_.Advance(absl::Hours(48));
  Store("b", "2");
  Pass(absl::Hours(48));
  EXPECT_THAT(Content(), ElementsAre("4 b=2"));
  Store("a", "3");
  Store("a", "4");
  EXPECT_THAT(Content(), ElementsAre("4 b=2", "6 a=4"));
}

TEST_F(EmbeddedTest, ATopicKeepsThePartitionsItWasMadeWith) {
  MakeTopic({.partitions = 3, .retention = absl::InfiniteDuration()});
  Open();
  MakeTopic({.partitions = 8, .retention = absl::InfiniteDuration()});
  ASSERT_OK_AND_ASSIGN(const std::int32_t count, bus_->PartitionCount("t"));
  EXPECT_EQ(count, 3);
}

class BackPressureTest : public EmbeddedTest {
 protected:
  static constexpr std::int64_t kRecordBytes = 10'000;

  BackPressureTest() {
    MakeTopic({.retention = absl::InfiniteDuration(), .max_unread_bytes = 4 * kRecordBytes});
    record_ = MakeRecord("t", "k", "");
    record_.value->resize(kRecordBytes - SizeBytes(record_), 'x');
    EXPECT_EQ(SizeBytes(record_), kRecordBytes);
  }
  bool IsBackedUp() {
    const auto backed_up = bus_->IsBackedUp("t", "g");
    EXPECT_OK(backed_up);
    return *backed_up;
  }

  Record record_;
};

TEST_F(BackPressureTest, AProducerWaitsWhileTooMuchIsUnreadAndIsWoken) {
  constexpr std::int64_t kRecords = 30;
  Commit("g", 0);
  std::thread sender([&] {
    for (int i = 0; i < kRecords; ++i) {
      Store({record_});
    }
  });
  // The reader goes on by one record at a time; the producer, which is faster, is never more than four ahead.
  for (std::int64_t read = 0; read + 4 < kRecords; ++read) {
    EXPECT_TRUE(support::WaitUntil([&] { return Range().end >= read + 4; }));
    EXPECT_EQ(Range().end, read + 4);
    Commit("g", read + 1);
  }
  sender.join();
  EXPECT_EQ(Range().end, kRecords);
}

TEST_F(BackPressureTest, StopEndsTheWait) {
  Commit("g", 0);
  Store(std::vector(4, record_));
  ASSERT_OK_AND_ASSIGN(const auto producer, bus_->NewProducer());
  std::thread stopper([&] { producer->Stop(); });
  EXPECT_EQ(producer->Send(std::vector{record_}).code(), absl::StatusCode::kCancelled);
  stopper.join();
}

TEST_F(BackPressureTest, NobodyWaitsForAGroupThatIsNotRegistered) {
  for (int i = 0; i < 10; ++i) {
    Store({record_});
  }
  EXPECT_EQ(Range().end, 10);
  EXPECT_FALSE(IsBackedUp());
}

TEST_F(BackPressureTest, AGroupIsBackedUpAtHalfTheLimit) {
  Commit("g", 0);
  Store({record_});
  EXPECT_FALSE(IsBackedUp());
  Store({record_});
  EXPECT_TRUE(IsBackedUp());
  Open();
  EXPECT_TRUE(IsBackedUp()) << "what is unread is known after a restart";
  Commit("g", 1);
  EXPECT_FALSE(IsBackedUp());
}

}  // namespace
}  // namespace kawat::bus
