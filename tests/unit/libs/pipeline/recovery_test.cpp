// Principles 2 and 3: wherever a stage dies, starting it again leads to the facts of a run that never died.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/libs/pipeline/toy_stage.h"

namespace kawat::pipeline {
namespace {

void Fill(World& world) {
  world.options.limits.max_records = 3;  // several batches
  for (int i = 0; i < 12; ++i) {
    world.Add(i % 2 == 0 ? "a" : "b", i == 4 ? "bad" : i == 7 ? "huge" : absl::StrCat(i + 1));
  }
}

class RecoveryTest : public ::testing::TestWithParam<support::Fate> {};

TEST_P(RecoveryTest, DyingAtAnyCallChangesNoFact) {
  World calm;
  Fill(calm);
  ASSERT_OK(calm.RunToEnd());
  ASSERT_EQ(calm.Facts(kOut).size(), 2u);
  ASSERT_EQ(calm.Facts(bus::kDeadLetters).size(), 2u);
  int faults = 0;
  for (bool died = true; died; ++faults) {
    SCOPED_TRACE(absl::StrCat("fault at call ", faults + 1));
    World world;
    Fill(world);
    world.faults->SetFate(GetParam());
    world.faults->FailCall(faults + 1);  // a send, an acknowledgement or a commit
    died = !world.RunToEnd().ok() || world.faults->fired() > 0;
    ASSERT_OK(world.RunToEnd());
    EXPECT_EQ(world.Facts(kOut), calm.Facts(kOut));
    EXPECT_EQ(world.Facts(bus::kDeadLetters), calm.Facts(bus::kDeadLetters));
    EXPECT_EQ(world.store.Dump(), calm.store.Dump());
    ASSERT_LT(faults, 200);
  }
  EXPECT_GT(faults, 15) << "hardly a fault was injected: this test proves nothing";
}

INSTANTIATE_TEST_SUITE_P(Fates, RecoveryTest,
                         ::testing::Values(support::Fate::kLost, support::Fate::kHalf, support::Fate::kKept));

}  // namespace
}  // namespace kawat::pipeline
