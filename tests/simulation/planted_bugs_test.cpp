// Proof that the proof works: each of these bugs, planted around the real parts, is caught within a few hundred seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "telemetry/log.h"
#include "tests/simulation/simulation.h"

namespace kawat::simulation {
namespace {

constexpr std::uint64_t kSeeds = 500;

class PlantedBugTest : public testing::TestWithParam<int> {
 protected:
  static void SetUpTestSuite() { ASSERT_TRUE(telemetry::InitLog({.level = "error"}, "planted_bugs_test").ok()); }
};

TEST_P(PlantedBugTest, IsCaught) {
  Options options{.bug = static_cast<Bug>(GetParam())};
  for (options.seed = 1; options.seed <= kSeeds; ++options.seed) {
    if (const Result result = Simulate(options); !result.violations.empty()) {
      RecordProperty("seed", std::to_string(options.seed));
      RecordProperty("violation", result.violations.front());
      return;
    }
  }
  FAIL() << Name(options.bug) << " was not caught by " << kSeeds << " seeds";
}

INSTANTIATE_TEST_SUITE_P(, PlantedBugTest, testing::Range(1, kBugs), [](const testing::TestParamInfo<int>& test) {
  std::string name(Name(static_cast<Bug>(test.param)));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace kawat::simulation
