#include "pipeline/runner_group.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/synchronization/notification.h"
#include "pipeline/metrics_observer.h"
#include "tests/support/forwarding_bus.h"
#include "tests/support/wait.h"
#include "tests/unit/libs/pipeline/toy_stage.h"

namespace kawat::pipeline {
namespace {

using ::testing::HasSubstr;

TEST(RunnerGroupTest, StopsAllWhenAskedTo) {
  World one;
  World two;
  one.Add("a", "1");
  two.Add("a", "2");
  RunnerGroup group;
  group.Add(one.NewRunner());
  group.Add(two.NewRunner());
  EXPECT_FALSE(group.Started().ok());
  base::Shutdown shutdown;
  std::thread asker([&] {
    EXPECT_TRUE(support::WaitUntil(
        [&] { return one.CommittedOnBus() == 1 && two.CommittedOnBus() == 1 && group.Started().ok(); }));
    EXPECT_OK(group.Live(absl::Seconds(30)));
    shutdown.Request();
  });
  EXPECT_OK(group.Run(shutdown, absl::Seconds(3)));
  asker.join();
  EXPECT_EQ(two.Sum("a"), "2");
}

TEST(RunnerGroupTest, TheFirstErrorEndsAll) {
  World good;
  World bad;
  bad.Add("a", "broken");
  RunnerGroup group;
  group.Add(good.NewRunner());
  group.Add(bad.NewRunner());
  base::Shutdown shutdown;
  EXPECT_EQ(group.Run(shutdown, absl::Seconds(3)).code(), absl::StatusCode::kInternal);
}

// A log whose broker never acknowledges.
class StuckBus final : public support::ForwardingBus {
 public:
  using ForwardingBus::ForwardingBus;
  absl::StatusOr<std::unique_ptr<bus::Producer>> NewProducer() override {
    return std::make_unique<StuckProducer>(*this);
  }

  absl::Notification flushing;

 private:
  class StuckProducer final : public bus::Producer {
   public:
    explicit StuckProducer(StuckBus& owner) : owner_(owner) {}
    absl::Status Send(std::span<const bus::Record> /*records*/) override { return absl::OkStatus(); }
    absl::Status Flush(absl::Duration patience) override {
      if (!owner_.flushing.HasBeenNotified()) {
        owner_.flushing.Notify();
      }
      return stopped_.WaitForNotificationWithTimeout(patience) ? absl::CancelledError("stopped")
                                                               : absl::DeadlineExceededError("no answer");
    }
    void Stop() noexcept override { stopped_.Notify(); }

   private:
    StuckBus& owner_;
    absl::Notification stopped_;
  };
};

TEST(RunnerGroupTest, StopsWithinItsPatienceThoughNothingIsAcknowledged) {
  World world;
  StuckBus stuck(world.bus);
  world.Add("a", "1");
  RunnerGroup group;
  auto runner = StageRunner::Create(world.options, world.stage, stuck, &world.store, nullptr, nullptr);
  ASSERT_OK(runner);
  group.Add(*std::move(runner));
  base::Shutdown shutdown;
  std::thread asker([&] {
    EXPECT_TRUE(stuck.flushing.WaitForNotificationWithTimeout(absl::Seconds(20)));
    shutdown.Request();
  });
  const absl::Time begin = absl::Now();
  EXPECT_OK(group.Run(shutdown, absl::Milliseconds(100)));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(3));
  asker.join();
  EXPECT_EQ(world.Sum("a"), "none");
}

TEST(MetricsObserverTest, CountsWhatTheRunnerReports) {
  World world;
  telemetry::Registry registry;
  MetricsObserver observer("toy", registry);
  world.Add("a", "1");
  world.Add("a", "bad");
  auto runner = StageRunner::Create(world.options, world.stage, world.bus, &world.store, nullptr, &observer);
  ASSERT_OK(runner);
  ASSERT_OK(World::RunToEnd(**runner));
  const std::string text = registry.Render();
  EXPECT_THAT(text, HasSubstr("kawat_topic_records_total{direction=\"in\",stage=\"toy\",topic=\"toy.in\"} 2"));
  EXPECT_THAT(text, HasSubstr("kawat_topic_records_total{direction=\"out\",stage=\"toy\",topic=\"toy.out\"} 1"));
  EXPECT_THAT(text, HasSubstr("kawat_dead_letters_total{reason=\"malformed_feed\",stage=\"toy\"} 1"));
  EXPECT_THAT(text, HasSubstr("kawat_stage_seconds_count{phase=\"apply\",stage=\"toy\"} 1"));
  EXPECT_THAT(text, HasSubstr("kawat_consumer_lag_records{partition=\"0\",stage=\"toy\",topic=\"toy.in\"} 0"));
  EXPECT_THAT(text, HasSubstr("kawat_last_progress_timestamp_seconds{stage=\"toy\"}"));
}

}  // namespace
}  // namespace kawat::pipeline
