// The loop of every stage; nothing else has one. Principles 2 and 3 of the design are kept here:
//
//   poll up to 500 records, 16 MiB or 50 ms; Apply each; send the outputs and wait until they are acknowledged; commit
//   state and input offsets in one batch; tell the bus; Stage::Committed.
//
// A stateful stage starts from the offsets in its state. Beside each offset lie the record's append time and checksum;
// on start the runner compares them with the log and stops when the log lacks the next offset or has another record
// there; it also stops when the state is another owner's. A stateless stage (no store) reads as a group member, applies
// on a pool of threads and sends in input order.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bus/bus.h"
#include "pipeline/stage.h"
#include "state/store.h"

namespace kawat::pipeline {

// What the runner tells of itself; telemetry implements it. Threads: the runner's.
class StageObserver {
 public:
  virtual ~StageObserver() = default;
  virtual void OnBatch(const struct BatchReport& report) = 0;

  // `origin`: the refused record's place.
  virtual void OnDeadLetter(article::Reason reason, const bus::Origin& origin, std::string_view detail) = 0;

  // About once a second, for each partition that the runner reads: how many of its records are not yet applied, and
  // when the oldest of them was appended at the earliest; InfiniteFuture: none waits, or the partition is another
  // member's from now on (said once). `owner`: the runner's, since several may read the same partition.
  virtual void OnLag(const std::string& owner, const bus::TopicPartition& partition, std::int64_t records,
                     absl::Time since) = 0;
};

// The consumer group of a stage: whose offsets are committed on the bus, and whom Bus::IsBackedUp is asked about.
// "kawat-parse".
std::string GroupOf(std::string_view stage);

struct BatchReport {
  std::size_t records_in = 0;  // local events not counted
  absl::Duration apply;
  absl::Duration send;
  absl::Duration commit;
  struct Topic {
    std::string topic;
    std::size_t records = 0;
    std::size_t bytes = 0;
  };
  std::vector<Topic> read;
  std::vector<Topic> sent;
  std::vector<bus::Position> positions;  // next offsets, after this batch
  absl::Time newest_append_time;         // of the records read; InfinitePast without any
};

struct StageRunnerOptions {
  std::string stage;                        // "dedupe": names the group (GroupOf), dead letters, metrics
  std::string owner;                        // "dedupe/0": for messages, and written into the state
  std::vector<bus::TopicPartition> inputs;  // stateful: what it reads, by static assignment
  std::vector<std::string> subscriptions;   // stateless: topics that its group reads
  bus::PollLimits limits;
  int threads = 1;          // stateless only: Apply's pool
  std::string marker_path;  // file that marks each record while it is applied (principle 5); empty: none
};

// Threads: Run on one; Stop from any.
class StageRunner {
 public:
  // `store` null: stateless. `local` null: none. All must outlive the runner.
  static absl::StatusOr<std::unique_ptr<StageRunner>> Create(StageRunnerOptions options, Stage& stage, bus::Bus& bus,
                                                             state::Store* store, LocalInput* local,
                                                             StageObserver* observer);
  virtual ~StageRunner() = default;

  // Until Stop: OK after the batch at hand is committed. FailedPrecondition: a stored offset that the log does not
  // have, or whose record is another one; says what to do. Any other error: the process must end, and may start again.
  virtual absl::Status Run() = 0;

  // One turn of the loop, for simulation and tests: polls, applies, sends, commits. False: there was nothing to do, or
  // the log is away; it does not wait for it.
  virtual absl::StatusOr<bool> Step() = 0;

  // The first call lets the batch at hand end. A second one does not wait for acknowledgements either: what was sent is
  // sent again later.
  virtual void Stop() noexcept = 0;

  // InfinitePast until the stored offsets were found good. When the loop last turned: for /livez.
  virtual absl::Time last_turn() const = 0;
};

}  // namespace kawat::pipeline
