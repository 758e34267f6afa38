#include "pipeline/accept_log.h"

#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_bus.h"
#include "tests/support/memory_store.h"
#include "tests/support/status.h"

namespace kawat::pipeline {
namespace {

const bus::TopicPartition kParsed{"kawat.parsed", 0};
const bus::TopicPartition kSources{"kawat.sources", 0};

class AcceptLogTest : public testing::Test {
 protected:
  AcceptLogTest() {
    EXPECT_OK(bus_.CreateMissingTopics(bus::Topics(4, 1)));
    consumer_ = *bus_.NewConsumer("kawat-toy");
    Append(kParsed, 10, "old");
    Append(kSources, 3, "source");
    Stand(kParsed, 6);
    Stand(kSources, 3);
  }

  void Append(const bus::TopicPartition& place, int count, const std::string& name) {
    for (int i = 0; i < count; ++i) {
      bus_.Append({.topic = place.topic, .partition = place.partition, .key = absl::StrCat(name, i), .value = name});
    }
  }

  // Its records below `next` are applied.
  void Stand(const bus::TopicPartition& place, std::int64_t next) {
    auto txn = store_.Begin();
    txn->Put(OwnerKey(), "toy/0");
    const Cursor cursor{.log_epoch = 4};
    txn->Put(CursorKey(place), EncodeCursor(Advance(cursor, **consumer_->ReadAt(place, next - 1))));
    ASSERT_OK(store_.Commit(std::move(txn)));
  }

  Cursor At(const bus::TopicPartition& place) { return *DecodeCursor(**store_.Get(CursorKey(place))); }

  // Accepts, and expects that only kParsed's cursor moved, to `next`, and agrees with the log.
  void ExpectAccepted(std::int64_t next) {
    const Cursor before = At(kParsed);
    const Cursor sources = At(kSources);
    ASSERT_OK_AND_ASSIGN(const auto plan, PlanAcceptLog("toy/0", store_, *consumer_));
    ASSERT_EQ(plan.size(), 2u);
    EXPECT_EQ(At(kParsed), before) << "a plan changes nothing";
    EXPECT_TRUE(plan[0].changes());
    EXPECT_FALSE(plan[0].consequence.empty());
    EXPECT_FALSE(plan[1].changes());
    ASSERT_OK(AcceptLog(plan, store_));
    EXPECT_EQ(At(kParsed), (Cursor{.log_epoch = 5, .next = next, .time_ms = before.time_ms}));
    EXPECT_EQ(At(kSources), sources);
    EXPECT_OK(CheckCursor("toy/0", kParsed, At(kParsed), *consumer_));
  }

  support::FakeClock clock_;
  support::MemoryBus bus_{clock_};
  support::MemoryStore store_;
  std::unique_ptr<bus::Consumer> consumer_;
};

TEST_F(AcceptLogTest, LeavesCursorsThatTheLogAgreesWith) {
  const auto before = store_.Dump();
  ASSERT_OK_AND_ASSIGN(const auto plan, PlanAcceptLog("toy/0", store_, *consumer_));
  for (const AcceptedInput& input : plan) {
    EXPECT_FALSE(input.changes()) << input.contradiction;
  }
  ASSERT_OK(AcceptLog(plan, store_));
  EXPECT_EQ(store_.Dump(), before);
}

TEST_F(AcceptLogTest, GoesOnWhereRetentionLeftOff) {
  bus_.TrimTo(kParsed, 8);
  ExpectAccepted(8);
}

TEST_F(AcceptLogTest, BeginsALogThatWasMadeAnewAtItsStart) {
  bus_.Recreate(kParsed.topic);
  Append(kParsed, 12, "new");
  ExpectAccepted(0);
}

TEST_F(AcceptLogTest, BeginsALogThatEndsTooEarlyAtItsStart) {
  bus_.Recreate(kParsed.topic);
  Append(kParsed, 2, "new");
  ExpectAccepted(0);
}

TEST_F(AcceptLogTest, RefusesAnotherShardsState) {
  bus_.TrimTo(kParsed, 8);
  EXPECT_EQ(PlanAcceptLog("toy/1", store_, *consumer_).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(AcceptLogTest, AnEmptyStateHasNothingToAccept) {
  support::MemoryStore empty;
  EXPECT_EQ(PlanAcceptLog("toy/0", empty, *consumer_).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace kawat::pipeline
