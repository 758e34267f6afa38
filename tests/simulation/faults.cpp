// What each fault does to the cluster.
#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "bus/topics.h"
#include "pipeline/stage_runner.h"
#include "tests/simulation/calm.h"
#include "tests/simulation/world.h"

namespace kawat::simulation {
namespace {

constexpr absl::Duration kLongestZombie = absl::Seconds(8);  // shorter than what a new owner of a frontier waits
constexpr int kStepsUntilItStops = 5;

}  // namespace

Process& World::At(int target) { return *processes_[static_cast<std::size_t>(target) % processes_.size()]; }

Process* World::Stateful(int target, bool with_fetch) {
  for (std::size_t i = 0; i < processes_.size(); ++i) {
    Process& process = At(target + static_cast<int>(i));
    if (process.service() != Service::kParse && (with_fetch || process.service() != Service::kFetch)) {
      return &process;
    }
  }
  return nullptr;
}

void World::Inject(const Fault& fault) {
  Note("fault", ToString(fault));
  const std::string& host = web_.hosts()[static_cast<std::size_t>(fault.target) % web_.hosts().size()].name;
  const absl::Time end = clock_.Now() + fault.length;
  switch (fault.kind) {
    case FaultKind::kCrashBeforeOutputs:
      return ArmCall(fault, support::Call::kSend, fault.fate);
    case FaultKind::kCrashInOutputs:
      return ArmCall(fault, support::Call::kFlush, fault.fate);
    case FaultKind::kCrashBeforeCommit:
      return ArmCall(fault, support::Call::kStoreCommit, support::Fate::kLost);
    case FaultKind::kCrashInCommit:
      return ArmCall(fault, support::Call::kStoreCommit, support::Fate::kKept);
    case FaultKind::kCrashAfterCommit:
      Count(fault.kind);
      return At(fault.target).running() ? Die(At(fault.target), absl::AbortedError("killed")) : void();
    case FaultKind::kStaleCopy: {
      const Process* process = Stateful(fault.target, true);
      const auto same = [process](const auto& each) { return each.get() == process; };
      const auto place = std::find_if(processes_.begin(), processes_.end(), same) - processes_.begin();
      return Later(fault.length, [this, place, copy = process->CopyDisk()] {
        GoOnFromStaleCopy(*processes_[static_cast<std::size_t>(place)], copy);
      });
    }
    case FaultKind::kLostShard:
      return LoseShard(fault);
    case FaultKind::kZombie:
      return ChangeOwner(fault, true);
    case FaultKind::kMove:
      return ChangeOwner(fault, false);
    case FaultKind::kOutage:
      Count(fault.kind);
      outage_ = {.from = clock_.Now(), .to = end};
      return;
    case FaultKind::kSlow:
      Count(fault.kind);
      slow_[&At(fault.target)] = end;
      return;
    case FaultKind::kRetention:
      slow_[&At(fault.target)] = end;  // who may be behind
      return Later(fault.length - absl::Milliseconds(1), [this, fault] { Retain(fault); });
    case FaultKind::kRetentionPasses:
      return RetentionPasses(fault);
    case FaultKind::kTopicAnew:
      return MakeTopicAnew(fault);
    case FaultKind::kReplay:
      return Replay(fault);
    case FaultKind::kHttpErrors:
    case FaultKind::kHttpTimeouts:
    case FaultKind::kHttpLies: {
      Count(fault.kind);
      const int kind = static_cast<int>(fault.kind) - static_cast<int>(FaultKind::kHttpErrors);
      return web_.Add({.kind = static_cast<Trouble::Kind>(kind), .host = host, .from = clock_.Now(), .to = end});
    }
    case FaultKind::kClockJump:
      return JumpClock(fault);
  }
}

// Counted when it is met.
void World::ArmCall(const Fault& fault, support::Call call, support::Fate fate) {
  Process& process = At(fault.target);
  if (armed_.contains(&process)) {
    return;
  }
  process.faults().SetFate(fate);
  process.faults().FailCall(call, fault.nth);
  armed_[&process] = fault;
}

void World::GoOnFromStaleCopy(Process& process, Shard copy) {
  for (const bus::TopicPartition& input : process.inputs()) {
    const support::MemoryStore state({}, copy.state);
    const auto next = NextOffset(state, input);
    if (next.has_value() && *next < log_.Range(input)->start) {
      return;  // what it lacks is deleted: it would rightly refuse to go on
    }
  }
  Count(FaultKind::kStaleCopy);
  Die(process, absl::AbortedError("killed, and its disk replaced by an older copy"));
  process.SetDisk(std::move(copy));
}

// At a flush after a standstill, where it sends anything: much is on its way then, and may be stored, half of it, or
// none.
void World::LoseShard(const Fault& fault) {
  Process& process = *Stateful(fault.target, true);
  if (!process.running() || armed_.contains(&process)) {
    return;
  }
  losing_.insert(&process);
  if (process.service() == Service::kStore) {
    Count(fault.kind);
    Die(process, absl::AbortedError("killed, and its disk lost"));
  } else {
    slow_[&process] = clock_.Now() + fault.length;
    process.faults().SetFate(fault.fate);
    process.faults().FailCall(support::Call::kFlush, 1);
    armed_[&process] = fault;
  }
}

void World::ChangeOwner(const Fault& fault, bool zombie) {
  Process& process = zombie ? *Stateful(fault.target, true) : At(fault.target);
  if (!process.running()) {
    return;
  }
  Count(fault.kind);
  if (process.service() == Service::kParse) {
    return process.EndSession();
  }
  Shard disk = process.CopyDisk();
  const auto at =
      std::find_if(processes_.begin(), processes_.end(), [&](const auto& each) { return each.get() == &process; });
  auto successor = std::make_unique<Process>(cluster_, process.service(), process.number(), std::move(disk));
  successor->owner = absl::StrCat("owner-", ++owners_);
  successor->clock().offset = process.clock().offset;
  starts_[successor.get()] = clock_.Now();
  std::unique_ptr<Process> former = std::exchange(*at, std::move(successor));
  armed_.erase(former.get());
  losing_.erase(former.get());
  slow_.erase(former.get());
  if (!zombie) {
    former->Kill();
  }
  const Process* gone = former.get();
  zombies_.push_back(std::move(former));
  Later(zombie ? std::min(fault.length, kLongestZombie) : absl::ZeroDuration(), [this, gone] {
    starts_.erase(gone);
    std::erase_if(zombies_, [gone](const auto& each) { return each.get() == gone; });
  });
}

// The embedded log's way, or Kafka's where nobody is behind: only what every reader has told to have read.
void World::Retain(const Fault& fault) {
  constexpr std::array<std::string_view, 3> kTopics = {bus::kLinks, bus::kPages, bus::kParsed};
  const std::string topic(kTopics.at(static_cast<std::size_t>(fault.nth) % kTopics.size()));
  const std::string reader = topic == bus::kLinks ? "fetch" : topic == bus::kPages ? "parse" : "dedupe";
  for (std::int32_t partition = 0; partition < log_.PartitionCount(topic).value_or(0); ++partition) {
    std::int64_t limit = log_.Committed(pipeline::GroupOf(reader), {topic, partition})->value_or(0);
    if (options_.bug == Bug::kRetentionPasses) {
      limit = log_.Range({topic, partition})->end;
    }
    for (const auto& process : processes_) {  // a disk that is older than what its owner told
      const bool reads = Name(process->service()) == reader && process->service() != Service::kParse;
      if (options_.bug != Bug::kRetentionPasses && reads) {
        limit = std::min(
            limit,
            NextOffset(process->state(), {topic, partition}).value_or(process->number() == partition ? 0 : limit));
      }
    }
    if (topic == bus::kParsed && options_.bug != Bug::kRetentionPasses) {
      limit = std::min(limit, CompleteBelow(log_));  // what a lost dedupe would decide again
    }
    const bus::OffsetRange range = *log_.Range({topic, partition});
    if (limit > range.start) {
      Count(fault.kind);
      log_.TrimTo({topic, partition}, limit);
    }
  }
}

// A reader whose log lacks its next offset, or has another record before it, must stop with an error and keep its
// state; when the log is back, it goes on.
void World::MustStop(const Fault& fault,
                     const std::function<void(const bus::TopicPartition&, std::int64_t next)>& spoil) {
  Process& process = *Stateful(fault.target, true);
  const bus::TopicPartition input = process.inputs()[static_cast<std::size_t>(fault.nth) % process.inputs().size()];
  const auto next = NextOffset(process.state(), input);
  if (!next.has_value() || *next == 0 || armed_.contains(&process) || outage_.Covers(clock_.Now())) {
    return;
  }
  const support::MemoryStore::Map before = process.state().Dump();
  const auto saved = log_.Save(input.topic);
  recording_ = false;
  spoil(input, *next);
  Die(process, absl::AbortedError("killed, and its log spoiled"));
  starts_.erase(&process);
  absl::Status stopped = process.Start();
  for (int i = 0; i < kStepsUntilItStops && stopped.ok(); ++i) {
    stopped = process.Step().status();
  }
  process.Kill();
  log_.Restore(*saved);
  recording_ = true;
  starts_[&process] = clock_.Now();
  Count(fault.kind);
  if (!absl::IsFailedPrecondition(stopped)) {
    result.violations.push_back(absl::StrCat(process.name(), " went on, though ", input.topic, "/", input.partition,
                                             " was spoiled: ", stopped.ToString()));
  } else if (process.state().Dump() != before) {
    result.violations.push_back(absl::StrCat(process.name(), " stopped, but changed its state"));
  }
}

void World::RetentionPasses(const Fault& fault) {
  MustStop(fault, [this](const bus::TopicPartition& input, std::int64_t next) {
    log_.Append({.topic = input.topic, .partition = input.partition, .key = "unread", .value = "unread"});
    log_.TrimTo(input, next + 1);
  });
}

void World::MakeTopicAnew(const Fault& fault) {
  MustStop(fault, [&](const bus::TopicPartition& input, std::int64_t next) {
    log_.Recreate(input.topic);
    const std::int64_t records = fault.fate == support::Fate::kLost ? next - 1 : next + 2;
    for (std::int64_t i = 0; i < records; ++i) {
      log_.Append(
          {.topic = input.topic, .partition = input.partition, .key = absl::StrCat("other-", i), .value = "other"});
    }
  });
}

void World::Replay(const Fault& fault) {
  constexpr std::array<std::string_view, 4> kTopics = {bus::kLinks, bus::kPages, bus::kParsed, bus::kArticles};
  Count(fault.kind);
  for (bus::Record& record : log_.Records(kTopics.at(static_cast<std::size_t>(fault.nth) % kTopics.size()))) {
    if (random_.Chance(10) && record.value.has_value()) {
      log_.Append(std::move(record));
    }
  }
}

void World::JumpClock(const Fault& fault) {
  Count(fault.kind);
  const absl::Duration size = fault.nth == 6 ? 300 * fault.length : fault.length;
  const absl::Duration offset = fault.fate == support::Fate::kHalf ? -size : size;
  if (fault.target % 3 == 0) {
    log_clock_.offset = offset;
    return;
  }
  for (const auto& process : processes_) {
    if (process->service() == Service::kFetch && process->number() == fault.target % kPartitions) {
      process->clock().offset = offset;
    }
  }
}

}  // namespace kawat::simulation
