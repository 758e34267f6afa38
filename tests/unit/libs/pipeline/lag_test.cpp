#include "pipeline/lag.h"

#include <gtest/gtest.h>

#include "tests/unit/libs/pipeline/toy_stage.h"

namespace kawat::pipeline {
namespace {

constexpr absl::Duration kAge = absl::Hours(3);

class LagTest : public ::testing::Test {
 protected:
  LagTest() {
    const bus::TopicSpec spec{.name = kIn, .partitions = 2};
    EXPECT_OK(bus_.CreateMissingTopics({&spec, 1}));
    for (int i = 0; i < 3; ++i) {
      Add(0);
    }
    clock_.Advance(kAge);
    auto consumer = bus_.NewConsumer("group");
    EXPECT_OK(consumer);
    consumer_ = *std::move(consumer);
  }

  void Add(std::int32_t partition) {
    bus::Record record;
    record.topic = kIn;
    record.partition = partition;
    bus_.Append(record);
  }

  // As a process does that has just started.
  void ReportFirst() { LagReports("toy/0").ReportIfDue(*consumer_, cursors_, clock_.Now(), recorder_); }

  void ReportNext(LagReports& lag) {
    clock_.Advance(absl::Seconds(1));
    lag.ReportIfDue(*consumer_, cursors_, clock_.Now(), recorder_);
  }

  const Recorder::Lag& Last(std::int32_t partition) { return recorder_.lags.at(partition).back(); }

  absl::Duration Waited(std::int32_t partition) {
    const absl::Time since = Last(partition).since;
    return since == absl::InfiniteFuture() ? absl::ZeroDuration() : clock_.Now() - since;
  }

  support::FakeClock clock_;
  support::MemoryBus bus_{clock_};
  std::unique_ptr<bus::Consumer> consumer_;
  std::map<bus::TopicPartition, Cursor> cursors_;
  Recorder recorder_;
};

TEST_F(LagTest, ABacklogIsAsOldAfterARestartAsBefore) {
  ASSERT_OK(consumer_->Assign(std::vector<bus::Position>{{kIn, 0, 1}}));
  cursors_[{kIn, 0}] = {.next = 1, .has_record = true, .append_time_ms = absl::ToUnixMillis(clock_.Now() - kAge)};
  ReportFirst();
  EXPECT_EQ(Last(0).records, 2);
  EXPECT_GE(Waited(0), kAge);
}

TEST_F(LagTest, ARecordAfterALongSilenceHasNotWaitedLong) {
  cursors_[{kIn, 0}] = {.next = 3, .has_record = true, .append_time_ms = absl::ToUnixMillis(clock_.Now() - kAge)};
  ASSERT_OK(consumer_->Assign(std::vector<bus::Position>{{kIn, 0, 3}}));
  Add(0);
  clock_.Advance(absl::Seconds(2));
  ReportFirst();
  EXPECT_EQ(Last(0).records, 1);
  EXPECT_EQ(Waited(0), absl::Seconds(2));
}

TEST_F(LagTest, ARecordThatCameLongAfterTheLastOneAppliedHasNotWaitedLonger) {
  cursors_[{kIn, 0}] = {.next = 3, .has_record = true, .append_time_ms = absl::ToUnixMillis(clock_.Now() - kAge)};
  ASSERT_OK(consumer_->Assign(std::vector<bus::Position>{{kIn, 0, 3}}));
  LagReports lag("toy/0");
  ReportNext(lag);
  clock_.Advance(absl::Seconds(40));  // the loop stands still meanwhile
  Add(0);
  clock_.Advance(absl::Seconds(20));
  ReportNext(lag);
  EXPECT_EQ(Waited(0), absl::Seconds(21));
}

TEST_F(LagTest, WhatABatchAppliedWaitsNoMoreAtOnce) {
  const std::int64_t age_ms = absl::ToUnixMillis(clock_.Now() - kAge);
  cursors_[{kIn, 0}] = {.next = 1, .has_record = true, .append_time_ms = age_ms};
  ASSERT_OK(consumer_->Assign(std::vector<bus::Position>{{kIn, 0, 1}}));
  LagReports lag("toy/0");
  ReportNext(lag);
  ASSERT_EQ(Last(0).records, 2);

  cursors_[{kIn, 0}] = {.next = 2, .has_record = true, .append_time_ms = age_ms + 60'000};
  lag.NoteApplied(cursors_, recorder_);
  EXPECT_EQ(Last(0).records, 1);
  EXPECT_EQ(Last(0).since, absl::FromUnixMillis(age_ms + 60'000));

  cursors_[{kIn, 0}] = {.next = 3, .has_record = true, .append_time_ms = age_ms + 60'000};
  lag.NoteApplied(cursors_, recorder_);
  EXPECT_EQ(Last(0).records, 0);
  EXPECT_EQ(Last(0).since, absl::InfiniteFuture());
}

TEST_F(LagTest, NothingUnreadHasNotWaited) {
  ASSERT_OK(consumer_->Assign(std::vector<bus::Position>{{kIn, 0, 3}}));
  ReportFirst();
  EXPECT_EQ(Last(0).records, 0);
  EXPECT_EQ(Waited(0), absl::ZeroDuration());
}

TEST_F(LagTest, APartitionThatWasNotTouchedYetIsReported) {
  ASSERT_OK(consumer_->Subscribe(std::vector<std::string>{kIn}));
  ReportFirst();
  EXPECT_EQ(Last(0).records, 3);
  EXPECT_GE(Waited(0), kAge);
  EXPECT_EQ(Last(1).records, 0);
}

TEST_F(LagTest, APartitionThatWasLostIsReportedAsNoneAndThenNoMore) {
  ASSERT_OK(consumer_->Subscribe(std::vector<std::string>{kIn}));
  cursors_[{kIn, 0}] = {.next = 1, .has_record = true, .append_time_ms = absl::ToUnixMillis(clock_.Now() - kAge)};
  LagReports lag("toy/0");
  lag.ReportIfDue(*consumer_, cursors_, clock_.Now(), recorder_);
  EXPECT_EQ(Last(0).records, 2);

  bus_.TakeAway({kIn, 0});
  ASSERT_OK(consumer_->Poll({.patience = absl::ZeroDuration()}));
  ReportNext(lag);
  EXPECT_EQ(Last(0).records, 0);
  EXPECT_EQ(Waited(0), absl::ZeroDuration());
  EXPECT_FALSE(cursors_.contains({kIn, 0}));
  ReportNext(lag);
  EXPECT_EQ(recorder_.lags.at(0).size(), 2u);
  EXPECT_EQ(recorder_.lags.at(1).size(), 3u);

  ASSERT_OK_AND_ASSIGN(const auto other, bus_.NewConsumer("group"));
  ASSERT_OK(other->Commit(std::vector<bus::Position>{{kIn, 0, 2}}));
  bus_.GiveBack({kIn, 0});
  ASSERT_OK(consumer_->Poll({.max_records = 1, .patience = absl::ZeroDuration()}));
  ReportNext(lag);
  EXPECT_EQ(Last(0).records, 1);
  EXPECT_GE(Waited(0), kAge);
}

}  // namespace
}  // namespace kawat::pipeline
