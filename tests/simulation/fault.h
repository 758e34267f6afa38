// What is done to a run, and when: a list made from the seed, so that a failing run can be repeated with fewer of them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "tests/support/faults.h"

namespace kawat::simulation {

enum class FaultKind : int {
  kCrashBeforeOutputs,  // a process dies at a Send
  kCrashInOutputs,      // at a Flush: what was sent is stored, half of it, or none
  kCrashBeforeCommit,   // between outputs and commit
  kCrashInCommit,       // the commit is stored, and nobody is told
  kCrashAfterCommit,    // after the whole turn
  kStaleCopy,           // it dies, and goes on from an older copy of its shard
  kLostShard,           // it dies, and its shard is gone: rebuilt from the log
  kZombie,              // its shard gets a new owner, and it goes on for a while
  kMove,                // a shard is moved to a new owner; parse: its group is shared out anew
  kOutage,              // the log is away
  kSlow,                // a process stands still
  kRetention,           // what all have read is deleted
  kRetentionPasses,     // what a process has not read is deleted: it must stop
  kTopicAnew,           // a topic is made anew, or cut: its reader must stop
  kReplay,              // records come a second time
  kHttpErrors,          // a host fails
  kHttpTimeouts,        // a host does not answer
  kHttpLies,            // a host's feed answers nonsense
  kClockJump,           // fetch's clock is set, or the log's
};
inline constexpr int kFaultKinds = static_cast<int>(FaultKind::kClockJump) + 1;

std::string_view Name(FaultKind kind);

struct Fault {
  int number = 0;     // in the seed's plan
  absl::Duration at;  // since the run's begin
  FaultKind kind = FaultKind::kCrashBeforeOutputs;
  int target = 0;  // of processes or hosts, modulo their number
  int nth = 1;     // which call; which copy
  absl::Duration length;
  support::Fate fate = support::Fate::kLost;
};

// "12.5s crash-in-outputs target 3 nth 2 half"
std::string ToString(const Fault& fault);

// In the order of their times; some runs are calm, some are stormy.
std::vector<Fault> MakePlan(std::uint64_t seed);

// How often each kind was done, or armed and then met.
using FaultCounts = std::array<std::int64_t, kFaultKinds>;

}  // namespace kawat::simulation
