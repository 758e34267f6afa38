// A stage: a deterministic state machine over the records of its input partitions
// (docs/adr/0002-deterministic-stages.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "article/reason.h"
#include "bus/record.h"
#include "state/store.h"

namespace kawat::pipeline {

// Collects the outputs of one Apply. The runner stamps each with its origin and sends them, in order, before it
// commits.
class Outbox {
 public:
  // What is known of the record being applied: its own place as an origin (index = how many outputs it has so far), and
  // the input offset of its partition below which all outputs are acknowledged.
  Outbox(bus::Origin input, std::int64_t complete_below) : input_(std::move(input)), complete_below_(complete_below) {}

  // `partition_key`: empty means `key`. `value` absent: a tombstone.
  void Send(std::string_view topic, std::string_view partition_key, std::string_view key,
            std::optional<std::string> value);

  // The record becomes a dead letter although Apply succeeds: its outputs and changes stay. (An InvalidArgument drops
  // them.) Once an Apply.
  void Refuse(article::Reason reason, std::string_view detail);

  struct Refusal {
    article::Reason reason = article::Reason::kNone;
    std::string detail;
  };

  bus::Origin next_origin() const;  // of the next record to be sent; without a topic for a local event
  std::int64_t complete_below() const { return complete_below_; }
  std::vector<bus::Record>& records() { return records_; }
  const std::vector<bus::Record>& records() const { return records_; }
  const std::optional<Refusal>& refusal() const { return refusal_; }

 private:
  bus::Origin input_;
  std::int64_t complete_below_;
  std::vector<bus::Record> records_;
  std::optional<Refusal> refusal_;
};

// Parse, dedupe, store and fetch's frontier. Apply's outputs and changes depend on nothing but `state` and `in`: no
// clock (time is in.append_time, which never goes back within a partition), no random numbers, no order of hash maps,
// no I/O. What it keeps in memory changes only in Committed, or is derived from `state`: the changes of an Apply may be
// rolled back after it returned OK (an output that is too large). Keys that begin with the byte 0x00 are the runner's
// (cursor.h). Threads: one at a time for a stateful stage; a stateless one's Apply is called from several at once.
class Stage {
 public:
  virtual ~Stage() = default;

  // InvalidArgument: the record is bad. Its changes are rolled back, its outputs dropped, and it becomes a dead letter
  // with DeadLetterReason(status) (see Refused). Any other error ends the process.
  virtual absl::Status Apply(const bus::Record& in, state::Txn& state, Outbox& out) = 0;

  // Called when `in` becomes a dead letter and nothing that Apply sent goes out: Apply refused it, crashed on it, or
  // sent more than a topic allows. Sends what others must hear all the same; a stage changes no state here. The
  // runner's thread. Outputs that are too large again are dropped.
  virtual void Refused(const bus::Record& /*in*/, article::Reason /*reason*/, Outbox& /*out*/) {}

  // Called after the commit of a batch, on the runner's thread: what was decided may now be acted on.
  virtual absl::Status Committed() { return absl::OkStatus(); }
};

// An InvalidArgument with a reason for the dead letter; without one it is kMalformedRecord.
absl::Status BadRecord(article::Reason reason, std::string_view detail);
article::Reason DeadLetterReason(const absl::Status& status);

// Events of the stage's own process (fetch: answers of sites, ticks), applied in the same loop and the same batches as
// input records, with partition -1 and no offset. They are lost by a crash, as is an answer that was on its way.
class LocalInput {
 public:
  virtual ~LocalInput() = default;

  // What has happened since the last call, at most `max_records`; never waits. An error ends the process. The runner's
  // thread.
  virtual absl::StatusOr<std::vector<bus::Record>> Take(std::size_t max_records) = 0;
};

}  // namespace kawat::pipeline
