// How far a runner is behind its log. Inside libs/pipeline only.
#pragma once

#include <map>
#include <vector>

#include "absl/time/time.h"
#include "bus/bus.h"
#include "pipeline/cursor.h"
#include "pipeline/stage_runner.h"

namespace kawat::pipeline {

// Threads: the runner's.
class LagReports {
 public:
  // Tells `observer` of each partition that `consumer` reads, if the last time is a second ago by `now`. `cursors`: how
  // far their records were applied; without one, none was since the consumer got the partition. Cursors of partitions
  // that it no longer reads are erased: they may come back with an offset that another member has moved.
  void ReportIfDue(bus::Consumer& consumer, std::map<bus::TopicPartition, Cursor>& cursors, absl::Time now,
                   StageObserver& observer);

 private:
  void ForgetLost(const std::vector<bus::Position>& assigned, std::map<bus::TopicPartition, Cursor>& cursors,
                  StageObserver& observer);
  absl::Status Report(bus::Consumer& consumer, const bus::TopicPartition& partition, const Cursor& cursor,
                      absl::Time now, StageObserver& observer);

  absl::Time last_ = absl::InfinitePast();
  // When nothing was unread, last; while there was no such moment yet, when the oldest unread record was appended.
  std::map<bus::TopicPartition, absl::Time> caught_up_;
};

}  // namespace kawat::pipeline
