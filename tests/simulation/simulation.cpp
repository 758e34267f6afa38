#include "tests/simulation/simulation.h"

#include <utility>

#include "tests/simulation/invariants.h"
#include "tests/simulation/world.h"

namespace kawat::simulation {

Result Simulate(const Options& options) {
  std::vector<Fault> plan = options.plan.value_or(std::vector<Fault>());
  if (!options.plan.has_value()) {
    plan = MakePlan(options.seed);
  }
  World world(options, plan);
  world.Run();
  Result result = std::move(world.result);
  result.plan = std::move(plan);
  if (result.violations.empty()) {
    result.violations = Violations(world);
  }
  return result;
}

// Leaves out halves, quarters ... of the plan while something is still violated.
Result Shrink(const Options& options, const Result& failed) {
  Result smallest = failed;
  for (std::size_t part = std::max<std::size_t>(failed.plan.size() / 2, 1); part > 0; part /= 2) {
    for (std::size_t from = 0; from < smallest.plan.size();) {
      Options fewer = options;
      std::vector<Fault> plan = smallest.plan;
      const auto begin = plan.begin() + static_cast<std::ptrdiff_t>(from);
      plan.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(part, plan.size() - from)));
      fewer.plan = std::move(plan);
      if (Result result = Simulate(fewer); !result.violations.empty()) {
        smallest = std::move(result);
      } else {
        from += part;
      }
    }
  }
  return smallest;
}

}  // namespace kawat::simulation
