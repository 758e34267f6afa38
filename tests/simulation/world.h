// The simulated cluster while it runs.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/process.h"
#include "tests/simulation/random.h"
#include "tests/simulation/simulation.h"

namespace kawat::simulation {

class World {
 public:
  explicit World(const Options& options, std::vector<Fault> plan);

  void Run();  // until all is drained, or the patience is over

  const Web& web() const { return web_; }
  const support::MemoryBus& log() const { return log_; }
  const std::vector<std::unique_ptr<Process>>& processes() const { return processes_; }
  // All that was ever appended to a topic, retention or not, in order.
  const std::vector<bus::Record>& History(std::string_view topic) const;
  const std::vector<std::string>& taken_down() const { return taken_down_; }
  bool dedupe_adopted() const { return dedupe_adopted_; }
  absl::Time now() { return clock_.Now(); }

  Result result;

 private:
  // world.cpp
  void Begin();
  void Turn();
  void Advance();
  void StepAll();
  void StepOne(Process& process, bool& worked);
  void Die(Process& process, const absl::Status& why);
  void StartDue();
  bool Calm() const;
  void Later(absl::Duration wait, std::function<void()> what) { later_.emplace(clock_.Now() + wait, std::move(what)); }
  void Note(std::string_view what, std::string_view detail);

  // faults.cpp
  void Inject(const Fault& fault);
  void ArmCall(const Fault& fault, support::Call call, support::Fate fate);
  void GoOnFromStaleCopy(Process& process, Shard copy);
  void LoseShard(const Fault& fault);
  void ChangeOwner(const Fault& fault, bool zombie);
  void Retain(const Fault& fault);
  void MustStop(const Fault& fault, const std::function<void(const bus::TopicPartition&, std::int64_t next)>& spoil);
  void RetentionPasses(const Fault& fault);
  void MakeTopicAnew(const Fault& fault);
  void Replay(const Fault& fault);
  void JumpClock(const Fault& fault);
  void Count(FaultKind kind) { ++result.faults.at(static_cast<std::size_t>(kind)); }
  Process& At(int target);
  Process* Stateful(int target, bool with_fetch);

  Options options_;
  std::vector<Fault> plan_;
  std::size_t next_fault_ = 0;
  support::FakeClock clock_;
  SkewedClock log_clock_{clock_};
  support::MemoryBus log_{log_clock_};
  Web web_;
  Outage outage_;
  Random random_;
  Cluster cluster_;
  const absl::Time begin_;
  std::vector<std::unique_ptr<Process>> processes_;
  std::vector<std::unique_ptr<Process>> zombies_;
  std::map<const Process*, absl::Time> starts_;  // when those that are down start again
  std::map<const Process*, absl::Time> slow_;    // until when
  std::map<const Process*, Fault> armed_;
  std::set<const Process*> losing_;  // their disks, when they die
  std::multimap<absl::Time, std::function<void()>> later_;
  std::map<std::string, std::vector<bus::Record>, std::less<>> history_;
  std::vector<std::string> taken_down_;
  int owners_ = 0;
  bool dedupe_adopted_ = false;
  bool recording_ = true;
  bool waiting_ = false;  // others have a turn while one waits
};

}  // namespace kawat::simulation
