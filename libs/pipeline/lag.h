// How far a runner is behind its log. Inside libs/pipeline only.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bus/bus.h"
#include "pipeline/cursor.h"
#include "pipeline/stage_runner.h"

namespace kawat::pipeline {

// Threads: the runner's.
class LagReports {
 public:
  explicit LagReports(std::string owner) : owner_(std::move(owner)) {}

  // Tells `observer` of each partition that `consumer` reads, if the last time is a second ago by `now`. `cursors`: how
  // far their records were applied; without one, none was since the consumer got the partition. Cursors of partitions
  // that it no longer reads are erased: they may come back with an offset that another member has moved.
  void ReportIfDue(bus::Consumer& consumer, std::map<bus::TopicPartition, Cursor>& cursors, absl::Time now,
                   StageObserver& observer);

  // After a batch, without asking the log: what was applied waits no more.
  void NoteApplied(const std::map<bus::TopicPartition, Cursor>& cursors, StageObserver& observer);

 private:
  void ForgetLost(const std::vector<bus::Position>& assigned, std::map<bus::TopicPartition, Cursor>& cursors,
                  StageObserver& observer);
  struct Lag {
    bus::TopicPartition partition;
    std::int64_t next = 0;     // offset of the oldest record not yet applied
    std::int64_t records = 0;  // not yet applied
    absl::Time since = absl::InfiniteFuture();
    bool exact = true;
  };
  absl::StatusOr<Lag> Measure(bus::Consumer& consumer, const bus::TopicPartition& partition, const Cursor& cursor,
                              absl::Time now);
  absl::StatusOr<absl::Time> Oldest(bus::Consumer& consumer, const bus::TopicPartition& partition, std::int64_t next,
                                    absl::Time otherwise);
  void MakeTheWorstExact(bus::Consumer& consumer, std::vector<Lag>& lags, absl::Time now);

  void Tell(const Lag& lag, StageObserver& observer);

  const std::string owner_;
  absl::Time last_ = absl::InfinitePast();
  // When nothing was unread, last; while there was no such moment yet, when the oldest unread record was appended.
  std::map<bus::TopicPartition, absl::Time> caught_up_;
  // The oldest record not yet applied, as it was read last: its offset and append time.
  std::map<bus::TopicPartition, std::pair<std::int64_t, absl::Time>> oldest_;
  std::map<bus::TopicPartition, Lag> behind_;  // of those with records that were not applied when it was told last
};

}  // namespace kawat::pipeline
