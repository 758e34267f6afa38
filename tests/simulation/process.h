// A process of the simulated cluster: one shard of one service (parse: one member of its group), made of the service's
// own parts, on a disk that outlives it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "pipeline/stage_runner.h"
#include "tests/simulation/process_bus.h"
#include "tests/simulation/shard.h"
#include "tests/simulation/web.h"

namespace kawat::simulation {

enum class Service : int { kFetch, kParse, kDedupe, kStore };
std::string_view Name(Service service);

inline constexpr int kPartitions = 2;

// A clock that is wrong by an offset.
class SkewedClock final : public base::Clock {
 public:
  explicit SkewedClock(base::Clock& clock) : clock_(clock) {}
  absl::Time Now() override { return clock_.Now() + offset; }

  absl::Duration offset;

 private:
  base::Clock& clock_;
};

// What all processes share.
struct Cluster {
  support::FakeClock& clock;
  support::MemoryBus& log;
  Web& web;
  const Outage& outage;
  Bug bug = Bug::kNone;
  std::function<void(const class Process&)> while_waiting;  // others work
  std::function<bool()> dies_waiting;
};

class Process {
 public:
  Process(const Cluster& cluster, Service service, int number, Shard disk = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Starts, or starts again. An error: it ended at once.
  absl::Status Start();
  // As by SIGKILL: what it sent and was not acknowledged meets the faults' fate.
  void Kill();
  // A turn of its runner. False: nothing to do, or not running.
  absl::StatusOr<bool> Step();

  bool running() const { return parts_ != nullptr; }
  Service service() const { return service_; }
  int number() const { return number_; }
  std::string name() const;  // "fetch/0"
  std::vector<bus::TopicPartition> inputs() const;

  support::Faults& faults() { return *faults_; }
  void EndSession();            // of its consumer group
  absl::Time NextTime() const;  // when it has something to do that the log does not tell; fetch only

  bool adopted() const { return adopted_; }  // dedupe: its state was lost, and rebuilt from kawat.articles

  Shard CopyDisk() const;
  void SetDisk(Shard disk);  // while it is not running
  const support::MemoryStore& state() const { return *store_; }
  const std::vector<bus::Record>& journal() const { return journal_; }
  const support::MemoryIndex& index() const { return index_; }

  // fetch: whose shard it is (FrontierOptions::owner), and its wall clock.
  std::string owner = "first";
  SkewedClock& clock() { return wall_; }

 private:
  struct Parts;
  absl::Status StartFetch(Parts& parts);
  absl::Status StartDedupe(Parts& parts);
  absl::Status StartStore(Parts& parts);
  absl::Status MakeRunner(Parts& parts, pipeline::Stage& stage, state::Store* store, pipeline::LocalInput* local);

  const Cluster& cluster_;
  const Service service_;
  const int number_;
  std::shared_ptr<support::Faults> faults_ = std::make_shared<support::Faults>();
  std::unique_ptr<support::MemoryStore> store_;
  support::MemoryIndex index_;
  std::vector<bus::Record> journal_;
  SkewedClock wall_;
  SkewedClock unset_;  // as the wall clock was at the start, and on from there
  bool adopted_ = false;
  int starts_ = 0;
  std::unique_ptr<Parts> parts_;
};

}  // namespace kawat::simulation
