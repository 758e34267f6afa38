#include "tests/simulation/fault.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/simulation/random.h"

namespace kawat::simulation {
namespace {

constexpr std::array<std::string_view, kFaultKinds> kNames = {"crash-before-outputs",
                                                              "crash-in-outputs",
                                                              "crash-before-commit",
                                                              "crash-in-commit",
                                                              "crash-after-commit",
                                                              "stale-copy",
                                                              "lost-shard",
                                                              "zombie",
                                                              "move",
                                                              "outage",
                                                              "slow",
                                                              "retention",
                                                              "retention-passes",
                                                              "topic-anew",
                                                              "replay",
                                                              "http-errors",
                                                              "http-timeouts",
                                                              "http-lies",
                                                              "clock-jump"};

constexpr std::array<std::string_view, 3> kFates = {"lost", "half", "kept"};

constexpr absl::Duration kFaultyTime = absl::Seconds(70);
constexpr int kMostFaults = 14;

}  // namespace

std::string_view Name(FaultKind kind) { return kNames.at(static_cast<std::size_t>(kind)); }

std::string ToString(const Fault& fault) {
  return absl::StrCat(absl::FormatDuration(fault.at), " ", std::string(Name(fault.kind)), " target ", fault.target,
                      " nth ", fault.nth, " for ", absl::FormatDuration(fault.length), " ",
                      std::string(kFates.at(static_cast<std::size_t>(fault.fate))));
}

std::vector<Fault> MakePlan(std::uint64_t seed) {
  Random random(seed ^ 0xfa017U);
  std::vector<Fault> plan(static_cast<std::size_t>(random.Below(kMostFaults + 1)));
  for (Fault& fault : plan) {
    fault.at = random.Between(absl::ZeroDuration(), kFaultyTime);
    fault.kind = static_cast<FaultKind>(random.Below(kFaultKinds));
    fault.target = random.Below(64);
    fault.nth = random.Between(1, 6);
    fault.length = random.Between(absl::Milliseconds(100), absl::Seconds(12));
    fault.fate = static_cast<support::Fate>(random.Below(3));
  }
  std::stable_sort(plan.begin(), plan.end(), [](const Fault& a, const Fault& b) { return a.at < b.at; });
  for (std::size_t i = 0; i < plan.size(); ++i) {
    plan[i].number = static_cast<int>(i);
  }
  return plan;
}

}  // namespace kawat::simulation
