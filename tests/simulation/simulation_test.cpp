// A thousand runs of the simulated cluster; `tools/simulate` makes as many more as one likes.
#include "tests/simulation/simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "telemetry/log.h"

namespace kawat::simulation {
namespace {

constexpr std::uint64_t kRuns = 1000;

class SimulationTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_TRUE(telemetry::InitLog({.level = "error"}, "simulation_test").ok()); }
};

TEST_F(SimulationTest, NothingIsLostAndNothingIsToldTwice) {
  FaultCounts faults{};
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
    const Result result = Simulate({.seed = seed});
    ASSERT_THAT(result.violations, testing::IsEmpty()) << "again: tools/simulate --runs 1 --seed " << seed;
    for (std::size_t kind = 0; kind < faults.size(); ++kind) {
      faults[kind] += result.faults[kind];
    }
  }
  for (int kind = 0; kind < kFaultKinds; ++kind) {
    EXPECT_GT(faults.at(static_cast<std::size_t>(kind)), 50)
        << Name(static_cast<FaultKind>(kind)) << " was hardly injected: these runs say little of it";
  }
}

TEST_F(SimulationTest, TheSameSeedGivesTheSameRun) {
  for (const std::uint64_t seed : {3U, 4U, 5U}) {
    const Result first = Simulate({.seed = seed});
    const Result second = Simulate({.seed = seed});
    EXPECT_EQ(first.fingerprint, second.fingerprint) << "seed " << seed;
    EXPECT_EQ(first.deaths, second.deaths);
    EXPECT_NE(first.fingerprint, Simulate({.seed = seed + 100}).fingerprint);
  }
}

TEST_F(SimulationTest, AFailureShrinksToFewerFaultsThatStillViolateSomething) {
  Options options{.bug = Bug::kSwallowedProducerError};
  Result failed;
  for (options.seed = 1; failed.violations.empty() && options.seed < 500; ++options.seed) {
    failed = Simulate(options);
  }
  --options.seed;
  ASSERT_FALSE(failed.violations.empty());
  const Result smallest = Shrink(options, failed);
  EXPECT_FALSE(smallest.violations.empty());
  EXPECT_LT(smallest.plan.size(), failed.plan.size() + 1);
  options.plan = smallest.plan;
  EXPECT_EQ(Simulate(options).violations, smallest.violations) << "it replays";
}

}  // namespace
}  // namespace kawat::simulation
