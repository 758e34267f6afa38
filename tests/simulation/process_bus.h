// The log as one process sees it: with faults of its own, away at times, and with turns in which others work while it
// waits.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "tests/simulation/bug.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faults.h"
#include "tests/support/forwarding_bus.h"
#include "tests/support/memory_bus.h"
#include "tests/support/memory_bus_clients.h"

namespace kawat::simulation {

// When the log is away; of all processes.
struct Outage {
  absl::Time from = absl::InfinitePast();
  absl::Time to = absl::InfinitePast();

  bool Covers(absl::Time now) const { return from <= now && now < to; }
};

class ProcessBus final : public support::ForwardingBus {
 public:
  struct Options {
    std::string service;
    Bug bug = Bug::kNone;
    std::shared_ptr<support::Faults> faults;
    const Outage* outage = nullptr;
    base::Clock* own_clock = nullptr;     // the process's, which may be wrong
    std::function<void()> while_waiting;  // runs others
    std::function<bool()> dies_waiting;   // in an outage: it does not live to see its end
  };
  ProcessBus(support::MemoryBus& log, support::FakeClock& clock, Options options)
      : ForwardingBus(log), log_(log), clock_(clock), options_(std::move(options)) {}

  absl::StatusOr<std::unique_ptr<bus::Producer>> NewProducer() override;
  absl::StatusOr<std::unique_ptr<bus::Consumer>> NewConsumer(std::string_view group) override;
  absl::StatusOr<bool> IsBackedUp(std::string_view topic, std::string_view group) override;
  absl::Time LastHeard() override;

  // Its consumers' session ends: their group is shared out anew.
  void EndSession();

 private:
  friend class ProcessProducer;
  friend class ProcessConsumer;
  absl::Status Away() const;

  support::MemoryBus& log_;
  support::FakeClock& clock_;
  const Options options_;
  support::MemoryConsumer* member_ = nullptr;  // the consumer that lives
};

}  // namespace kawat::simulation
