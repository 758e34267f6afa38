#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "kawat/v1/dead_letter.pb.h"
#include "pipeline/cursor.h"
#include "tests/support/wait.h"
#include "tests/unit/libs/pipeline/toy_stage.h"

namespace kawat::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(StatefulRunnerTest, AppliesSendsAndCommits) {
  World world;
  world.Add("a", "1");
  world.Add("a", "2");
  world.Add("b", "5");
  ASSERT_OK(world.RunToEnd());
  EXPECT_THAT(world.Facts(kOut), ElementsAre(Pair("a", "1/toy.in/0/1/0 3"), Pair("b", "1/toy.in/0/2/0 5")));
  EXPECT_EQ(world.Sum("a"), "3");
  EXPECT_EQ(world.CommittedOnBus(), 3);
  EXPECT_EQ(world.stage.commits, 1);
  ASSERT_EQ(world.recorder.batches.size(), 1u);
  EXPECT_EQ(world.recorder.batches[0].records_in, 3u);
  EXPECT_THAT(world.recorder.batches[0].positions, ElementsAre(bus::Position{kIn, 0, 3}));
}

TEST(StatefulRunnerTest, CommitsAStartOffsetBeforeAnyRecord) {
  World world;
  world.Add("a", "1");
  world.bus.TrimTo({kIn, 0}, 1);
  ASSERT_OK(world.RunToEnd());
  EXPECT_EQ(world.CommittedOnBus(), 1);
  EXPECT_EQ(world.Sum("a"), "none");
}

TEST(StatefulRunnerTest, TheStateOfAnotherShardIsRefused) {
  World world;
  world.Add("a", "1");
  ASSERT_OK(world.RunToEnd());
  const auto before = world.store.Dump();
  world.options.owner = "toy/1";
  world.options.inputs = {{kOut, 1}};
  const absl::Status status = world.RunToEnd();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("toy/0"));
  EXPECT_EQ(world.store.Dump(), before);
}

TEST(StatefulRunnerTest, TheStateOfAnotherStageThatReadsTheSamePartitionIsRefused) {
  World world;
  world.Add("a", "1");
  ASSERT_OK(world.RunToEnd());
  world.options.owner = "other/0";
  EXPECT_EQ(world.RunToEnd().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(StatefulRunnerTest, AStateWithTheOffsetsOfOthersIsRefused) {
  World world;
  auto txn = world.store.Begin();
  txn->Put("sum/a", "1");
  txn->Put(CursorKey({kOut, 1}), EncodeCursor({}));
  ASSERT_OK(world.store.Commit(std::move(txn)));
  const auto before = world.store.Dump();
  EXPECT_EQ(world.RunToEnd().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(world.store.Dump(), before);
}

TEST(StatefulRunnerTest, AServiceMayWriteIntoTheStateBeforeTheFirstStart) {
  World world;
  auto txn = world.store.Begin();
  txn->Put("begun", "");
  ASSERT_OK(world.store.Commit(std::move(txn)));
  EXPECT_OK(world.RunToEnd());
}

// As an earlier version left it.
TEST(StatefulRunnerTest, AStateWithItsOffsetButWithoutAnOwnerGetsOne) {
  World world;
  auto txn = world.store.Begin();
  txn->Put("sum/a", "1");
  txn->Put(CursorKey({kIn, 0}), EncodeCursor({}));
  ASSERT_OK(world.store.Commit(std::move(txn)));
  ASSERT_OK(world.RunToEnd());
  world.options.owner = "other/0";
  EXPECT_EQ(world.RunToEnd().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(StatefulRunnerTest, AnInputMayBeAddedToAState) {
  World world;
  world.Add("a", "1");
  ASSERT_OK(world.RunToEnd());
  world.options.inputs.push_back({std::string(bus::kDeadLetters), 0});
  EXPECT_OK(world.RunToEnd());
}

TEST(StatefulRunnerTest, GoesOnFromItsStateNotFromTheBus) {
  World world;
  world.Add("a", "1");
  ASSERT_OK(world.RunToEnd());
  ASSERT_OK_AND_ASSIGN(const auto other, world.bus.NewConsumer(GroupOf("toy")));
  ASSERT_OK(other->Commit(std::vector<bus::Position>{{kIn, 0, 0}}));
  world.Add("a", "1");
  ASSERT_OK(world.RunToEnd());
  EXPECT_EQ(world.Sum("a"), "2");
}

TEST(StatefulRunnerTest, ABadRecordChangesNothingAndIsKeptWhole) {
  World world;
  world.Add("a", "1");
  world.Add("a", "bad");
  world.Add("a", "neither");
  world.Add("a", "2");
  ASSERT_OK(world.RunToEnd());
  EXPECT_EQ(world.Sum("a"), "3");
  const auto letters = world.bus.NewestByKey(bus::kDeadLetters);
  ASSERT_EQ(letters.size(), 2u);
  v1::DeadLetter letter;
  ASSERT_TRUE(letter.ParseFromString(*letters.at("toy.in/0/1").value));
  EXPECT_EQ(letter.reason(), v1::REASON_MALFORMED_FEED);
  EXPECT_EQ(letter.value(), "bad");
  EXPECT_EQ(bus::FormatOrigin(letters.at("toy.in/0/1").origin), "1/toy.in/0/1/0");
  EXPECT_THAT(world.recorder.dead_letters,
              ElementsAre(Pair(article::Reason::kMalformedFeed, 1), Pair(article::Reason::kMalformedRecord, 2)));
  EXPECT_EQ(world.CommittedOnBus(), 4);
}

TEST(StatefulRunnerTest, ADeadLetterIsToldWithItsLogsEpoch) {
  World world;
  auto txn = world.store.Begin();
  txn->Put(CursorKey({kIn, 0}), EncodeCursor({.log_epoch = 2}));
  ASSERT_OK(world.store.Commit(std::move(txn)));
  world.Add("a", "bad");
  ASSERT_OK(world.RunToEnd());
  EXPECT_THAT(world.recorder.dead_letter_epochs, ElementsAre(2));
}

TEST(StatefulRunnerTest, ARefusedRecordKeepsItsOutputs) {
  World world;
  world.Add("a", "refuse");
  ASSERT_OK(world.RunToEnd());
  EXPECT_EQ(world.Sum("a"), "1");
  EXPECT_THAT(world.Facts(kOut), ElementsAre(Pair("a", "1/toy.in/0/0/0 1")));
  EXPECT_EQ(bus::FormatOrigin(world.bus.NewestByKey(bus::kDeadLetters).at("toy.in/0/0").origin), "1/toy.in/0/0/1");
}

TEST(StatefulRunnerTest, AnOutputThatIsTooLargeRefusesTheRecord) {
  World world;
  world.Add("a", "huge");
  world.Add("a", "1");
  ASSERT_OK(world.RunToEnd());
  EXPECT_EQ(world.Sum("a"), "1");
  EXPECT_THAT(world.recorder.dead_letters, ElementsAre(Pair(article::Reason::kRecordTooLarge, 0)));
}

TEST(StatefulRunnerTest, AnyOtherErrorStopsBeforeTheCommit) {
  World world;
  world.Add("a", "1");
  world.Add("a", "broken");
  EXPECT_EQ(world.RunToEnd().code(), absl::StatusCode::kInternal);
  EXPECT_EQ(world.Sum("a"), "none");
  EXPECT_EQ(world.stage.commits, 0);
}

TEST(StatefulRunnerTest, ATopicMadeAnewStopsIt) {
  World world;
  world.Add("a", "1");
  world.Add("a", "1");
  ASSERT_OK(world.RunToEnd());
  world.bus.Recreate(kIn);
  const absl::Status shorter = world.RunToEnd();
  EXPECT_EQ(shorter.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(shorter.message()), HasSubstr("toy.in/0"));
  world.Add("a", "1");
  world.Add("a", "7");
  world.Add("a", "7");
  EXPECT_EQ(world.RunToEnd().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(world.Sum("a"), "2");
}

TEST(StatefulRunnerTest, ARecordWithTheSameContentButAnotherTimeIsAnotherRecord) {
  World world;
  world.Add("a", "1");
  ASSERT_OK(world.RunToEnd());
  world.bus.Recreate(kIn);
  world.clock.Advance(absl::Seconds(1));
  world.Add("a", "1");
  EXPECT_EQ(world.RunToEnd().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(StatefulRunnerTest, RecordsDeletedUnreadStopIt) {
  World world;
  world.Add("a", "1");
  ASSERT_OK(world.RunToEnd());
  world.Add("a", "1");
  world.Add("a", "1");
  world.bus.TrimTo({kIn, 0}, 2);
  EXPECT_EQ(world.RunToEnd().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(StatefulRunnerTest, ARecordThatIsGoneSinceItWasAppliedIsNoContradiction) {
  World world;
  world.Add("a", "1");
  ASSERT_OK(world.RunToEnd());
  world.bus.TrimTo({kIn, 0}, 1);
  EXPECT_OK(world.RunToEnd());
}

TEST(StatefulRunnerTest, TheStagesTimeNeverGoesBackAcrossRestarts) {
  World world;
  world.Add("a", "1");
  ASSERT_OK(world.RunToEnd());
  world.clock.Advance(absl::Seconds(-100));
  world.Add("a", "1");
  ASSERT_OK(world.RunToEnd());
  ASSERT_EQ(world.stage.times.size(), 2u);
  EXPECT_GE(world.stage.times[1], world.stage.times[0]);
}

TEST(StatefulRunnerTest, CompleteBelowIsTheLastCommittedOffset) {
  World world;
  world.options.limits.max_records = 2;
  for (int i = 0; i < 5; ++i) {
    world.Add("a", "1");
  }
  ASSERT_OK(world.RunToEnd());
  EXPECT_THAT(world.stage.complete_below, ElementsAre(0, 0, 2, 2, 4));
}

class Ticks final : public LocalInput {
 public:
  absl::StatusOr<std::vector<bus::Record>> Take(std::size_t /*max_records*/) override {
    return std::exchange(events, std::vector<bus::Record>());
  }
  absl::StatusOr<std::vector<bus::Record>> events = std::vector<bus::Record>();
};

TEST(StatefulRunnerTest, LocalEventsShareTheBatchAndMoveNoOffset) {
  World world;
  Ticks ticks;
  bus::Record event;
  event.topic = "toy.local";
  event.key = "tick";
  event.value = "4";
  ticks.events = std::vector<bus::Record>{event};
  world.Add("a", "1");
  const auto runner = world.NewRunner(&ticks);
  ASSERT_OK(World::RunToEnd(*runner));
  EXPECT_EQ(world.Sum("tick"), "4");
  EXPECT_EQ(world.CommittedOnBus(), 1);
  EXPECT_EQ(world.stage.commits, 1);
  EXPECT_EQ(world.bus.NewestByKey(kOut).at("tick").origin, bus::Origin());
}

TEST(StatefulRunnerTest, ALocalInputThatFailsEndsTheProcessThoughNothingIsRead) {
  World world;
  Ticks ticks;
  ticks.events = absl::DataLossError("a state that does not decode");
  EXPECT_TRUE(absl::IsDataLoss(world.NewRunner(&ticks)->Step().status()));
}

TEST(StatefulRunnerTest, ALogThatIsAwayIsWaitedFor) {
  World world;
  world.Add("a", "1");
  world.faults->FailCall(support::Call::kPoll, 1);
  const auto runner = world.NewRunner();
  ASSERT_OK_AND_ASSIGN(const bool worked, runner->Step());
  EXPECT_FALSE(worked);
  ASSERT_OK(World::RunToEnd(*runner));
  EXPECT_EQ(world.Sum("a"), "1");
}

TEST(StatefulRunnerTest, StopEndsRunSoonAndNothingIsLost) {
  World world;
  world.options.limits.patience = absl::Hours(1);
  world.Add("a", "1");
  const auto runner = world.NewRunner();
  std::thread thread([&] { EXPECT_OK(runner->Run()); });
  EXPECT_TRUE(support::WaitUntil([&] { return world.CommittedOnBus() == 1; }));
  const absl::Time begin = absl::Now();
  runner->Stop();
  thread.join();
  EXPECT_LT(absl::Now() - begin, absl::Seconds(2));
  EXPECT_EQ(world.Sum("a"), "1");
}

}  // namespace
}  // namespace kawat::pipeline
