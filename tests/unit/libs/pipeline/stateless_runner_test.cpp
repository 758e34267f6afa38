#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/unit/libs/pipeline/toy_stage.h"

namespace kawat::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

// Answers each record with its own value, the early ones last.
class EchoStage final : public Stage {
 public:
  absl::Status Apply(const bus::Record& in, state::Txn& /*state*/, Outbox& out) override {
    for (int i = 0; i < 20 && in.offset < 4; ++i) {
      std::this_thread::yield();
    }
    if (in.value == "bad") {
      return BadRecord(article::Reason::kBadEncoding, "bad");
    }
    if (in.value == "huge") {
      out.Send(kOut, "", in.key, std::string(2'000, 'x'));
    }
    if (in.value == "refuse") {
      out.Refuse(article::Reason::kBadEncoding, "bad, but useful");
    }
    out.Send(kOut, "same partition", in.key, in.value);
    ++applied;
    return absl::OkStatus();
  }
  void Refused(const bus::Record& in, article::Reason reason, Outbox& out) override {
    out.Send(kOut, "", absl::StrCat("refused ", in.key), std::string(article::Name(reason)));
    if (in.key == "loud") {
      out.Send(kOut, "", in.key, std::string(2'000, 'x'));
    }
  }
  std::atomic<int> applied = 0;
};

struct StatelessWorld : World {
  EchoStage echo;
  StatelessWorld() { options = {.stage = "toy", .owner = "toy", .subscriptions = {kIn}, .threads = 4}; }

  std::unique_ptr<StageRunner> New() {
    auto runner = StageRunner::Create(options, echo, bus, nullptr, nullptr, &recorder);
    KAWAT_CHECK(runner.ok(), "no runner");
    return *std::move(runner);
  }
};

TEST(StatelessRunnerTest, SendsInInputOrderWhateverThreadIsFirst) {
  StatelessWorld world;
  std::vector<std::string> values;
  for (int i = 0; i < 200; ++i) {
    values.push_back(absl::StrCat(i));
    world.Add(absl::StrCat("key", i), values.back());
  }
  ASSERT_OK(World::RunToEnd(*world.New()));
  std::vector<std::string> sent;
  for (const bus::Record& record : world.bus.Records(kOut)) {
    sent.push_back(*record.value);
  }
  EXPECT_EQ(sent, values);
  EXPECT_EQ(world.CommittedOnBus(), 200);
}

TEST(StatelessRunnerTest, SendsWhatIsAppliedBeforeTheBatchIsThrough) {
  StatelessWorld world;
  world.options.threads = 1;
  for (const char* key : {"a", "b", "c"}) {
    world.Add(key, "1");
  }
  world.faults->FailCall(support::Call::kSend, 1);
  EXPECT_FALSE(World::RunToEnd(*world.New()).ok());
  EXPECT_EQ(world.echo.applied, 1);
}

// Cannot go on at the value "broken".
class BreakingStage final : public Stage {
 public:
  absl::Status Apply(const bus::Record& in, state::Txn& /*state*/, Outbox& out) override {
    out.Send(kOut, "", in.key, in.value);
    return in.value == "broken" ? absl::InternalError("the stage cannot go on") : absl::OkStatus();
  }
};

TEST(StatelessRunnerTest, AfterAnErrorNothingLaterIsSentOrCommitted) {
  StatelessWorld world;
  world.Add("a", "1");
  world.Add("b", "broken");
  for (int i = 0; i < 100; ++i) {
    world.Add(absl::StrCat("later", i), "1");
  }
  world.faults->SetFate(support::Fate::kKept);
  BreakingStage stage;
  auto runner = *StageRunner::Create(world.options, stage, world.bus, nullptr, nullptr, &world.recorder);
  EXPECT_EQ(World::RunToEnd(*runner).code(), absl::StatusCode::kInternal);
  runner.reset();
  EXPECT_THAT(world.Facts(kOut), ElementsAre(Pair("a", "1/toy.in/0/0/0 1")));
  EXPECT_NE(world.CommittedOnBus(), 102);
}

TEST(StatelessRunnerTest, GoesOnWhereItsGroupStopped) {
  StatelessWorld world;
  world.Add("a", "1");
  ASSERT_OK(World::RunToEnd(*world.New()));
  world.Add("a", "2");
  ASSERT_OK(World::RunToEnd(*world.New()));
  EXPECT_EQ(world.echo.applied, 2);
}

TEST(StatelessRunnerTest, CommitsOnlyWhatIsAcknowledged) {
  StatelessWorld world;
  world.Add("a", "1");
  world.faults->FailCall(support::Call::kFlush, 1);
  EXPECT_FALSE(World::RunToEnd(*world.New()).ok());
  EXPECT_EQ(world.CommittedOnBus(), 0);
  ASSERT_OK(World::RunToEnd(*world.New()));
  EXPECT_EQ(world.bus.Records(kOut).size(), 1u);
}

TEST(StatelessRunnerTest, ALogThatIsAwayAtTheCommitIsWaitedFor) {
  StatelessWorld world;
  world.Add("a", "1");
  world.faults->FailCall(support::Call::kBusCommit, 1);
  ASSERT_OK(World::RunToEnd(*world.New()));
  EXPECT_EQ(world.CommittedOnBus(), 1);
  EXPECT_EQ(world.bus.Records(kOut).size(), 1u);
}

TEST(StatelessRunnerTest, RefusesRecordsWithAndWithoutTheirOutputs) {
  StatelessWorld world;
  world.Add("a", "bad");
  world.Add("b", "refuse");
  ASSERT_OK(World::RunToEnd(*world.New()));
  EXPECT_THAT(world.Facts(kOut),
              ElementsAre(Pair("b", "1/toy.in/0/1/0 refuse"), Pair("refused a", "1/toy.in/0/0/0 bad_encoding")));
  EXPECT_THAT(world.recorder.dead_letters,
              ElementsAre(Pair(article::Reason::kBadEncoding, 0), Pair(article::Reason::kBadEncoding, 1)));
}

TEST(StatelessRunnerTest, AStageSaysWhatItMustOfARecordWhoseOutputsAreTooLarge) {
  StatelessWorld world;
  world.Add("a", "huge");
  world.Add("loud", "bad");
  ASSERT_OK(World::RunToEnd(*world.New()));
  EXPECT_THAT(world.Facts(kOut), ElementsAre(Pair("refused a", "1/toy.in/0/0/0 record_too_large")));
  EXPECT_THAT(world.recorder.dead_letters,
              ElementsAre(Pair(article::Reason::kRecordTooLarge, 0), Pair(article::Reason::kBadEncoding, 1)));
  EXPECT_EQ(world.CommittedOnBus(), 2);
}

TEST(StatelessRunnerDeathTest, AStatelessStageHasNoState) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  StatelessWorld world;
  world.Add("a", "1");
  const auto runner = StageRunner::Create(world.options, world.stage, world.bus, nullptr, nullptr, nullptr);
  EXPECT_DEATH((*runner)->Step().IgnoreError(), "no state to change");
}

}  // namespace
}  // namespace kawat::pipeline
