// Lag as it is shown while a stage is held back on purpose, against the append times that the broker gave.
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"
#include "pipeline/metrics_observer.h"
#include "pipeline/stage_runner.h"
#include "tests/integration/kafka/kafka_fixture.h"
#include "tests/support/memory_store.h"
#include "tests/support/wait.h"

namespace kawat::bus {
namespace {

constexpr int kRecords = 5;

// Applies the first record, and stands still at the second until it is let go.
class HeldStage final : public pipeline::Stage {
 public:
  absl::Status Apply(const Record& in, state::Txn& /*state*/, pipeline::Outbox& /*out*/) override {
    if (in.offset == 1) {
      held.Notify();
      release.WaitForNotification();
    }
    return absl::OkStatus();
  }
  absl::Notification held;
  absl::Notification release;
};

class KafkaLagTest : public KafkaFixture {
 protected:
  double Shown(const std::string& name, std::int32_t partition) {
    for (const std::string& line : std::vector<std::string>(absl::StrSplit(registry_.Render(), '\n'))) {
      double value = -1;
      if (line.starts_with(name + "{") && absl::StrContains(line, absl::StrCat("partition=\"", partition, "\"")) &&
          absl::SimpleAtod(line.substr(line.rfind(' ') + 1), &value)) {
        return value;
      }
    }
    return -1;
  }

  absl::Time AppendTime(const std::string& topic, std::int64_t offset) {
    const auto consumer = bus_->NewConsumer("reader");
    EXPECT_OK(consumer);
    const auto record = (*consumer)->ReadAt({topic, 0}, offset);
    EXPECT_OK(record);
    return record->value().append_time;
  }

  telemetry::Registry registry_;
};

TEST_F(KafkaLagTest, AStageThatIsHeldBackShowsHowLongItsOldestRecordHasWaited) {
  const std::string topic = NewTopic(*bus_, {.partitions = 2});
  std::vector<Record> records;
  for (int i = 0; i < kRecords; ++i) {
    records.push_back(MakeRecord(topic, 0, "key", std::to_string(i)));
  }
  Store(*bus_, records);

  const std::string stage_name = support::UniqueName("stage");
  pipeline::MetricsObserver observer(stage_name, registry_);
  HeldStage stage;
  support::MemoryStore state;
  ASSERT_OK_AND_ASSIGN(
      const auto runner,
      pipeline::StageRunner::Create(
          {.stage = stage_name, .owner = "held/0", .inputs = {{topic, 0}, {topic, 1}}, .limits = {.max_records = 1}},
          stage, *bus_, &state, nullptr, &observer));
  absl::Status ended;
  std::thread thread([&] { ended = runner->Run(); });
  stage.held.WaitForNotification();
  const absl::Time appended = AppendTime(topic, 1);

  const auto lag = [&] { return Shown("kawat_consumer_lag_seconds", 0); };
  const auto age = [&] { return absl::ToDoubleSeconds(absl::Now() - appended); };
  EXPECT_NEAR(lag(), age(), 1);
  EXPECT_TRUE(support::WaitUntil([&] { return age() > 4; }, kPatience));
  EXPECT_NEAR(lag(), age(), 1) << "the loop stands still, but what waits grows older";
  EXPECT_EQ(Shown("kawat_consumer_lag_records", 0), kRecords - 1);
  EXPECT_EQ(Shown("kawat_consumer_lag_seconds", 1), 0);

  // What kminion and KEDA read.
  for (const auto& [partition, offset] : {std::pair(0, 1), std::pair(1, 0)}) {
    const TopicPartition place{topic, partition};
    EXPECT_TRUE(support::WaitUntil(
        [&] {
          const auto committed = bus_->Committed(pipeline::GroupOf(stage_name), place);
          return committed.ok() && *committed == offset;
        },
        kPatience))
        << "partition " << partition;
  }

  stage.release.Notify();
  EXPECT_TRUE(support::WaitUntil([&] { return Shown("kawat_consumer_lag_records", 0) == 0; }, kPatience));
  EXPECT_EQ(lag(), 0);
  runner->Stop();
  thread.join();
  EXPECT_OK(ended);
}

}  // namespace
}  // namespace kawat::bus
