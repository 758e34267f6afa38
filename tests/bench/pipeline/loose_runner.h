// What a stage's loop costs without any promise: for the benchmark only. It polls, applies and sends, awaits no
// acknowledgement, commits its state without a sync and without the offset, marks no record, keeps no checksum, and
// tells the bus where it is once a second. After a crash it would lose records, and repeat others.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "bus/bus.h"
#include "pipeline/stage.h"
#include "state/store.h"

namespace kawat::bench {

class LooseRunner {
 public:
  // `store` null: a member of its group on `inputs`' topics, with a pool of `threads`. All must outlive it.
  LooseRunner(bus::Bus& bus, std::string_view group, std::vector<bus::TopicPartition> inputs, pipeline::Stage& stage,
              state::Store* store, int threads);

  void Run();  // until Stop
  void Stop() { stopping_ = true; }

 private:
  void Batch(const std::vector<bus::Record>& records);
  void ApplyOnPool(const std::vector<bus::Record>& records);
  void TellBus(const std::vector<bus::Record>& records);

  std::unique_ptr<bus::Consumer> consumer_;
  std::unique_ptr<bus::Producer> producer_;
  pipeline::Stage& stage_;
  state::Store* store_;
  int threads_;
  std::atomic<bool> stopping_ = false;
  absl::Time told_ = absl::InfinitePast();
};

}  // namespace kawat::bench
