// What the stateful and the stateless runner share: polling with patience for a log that is away, sending, dead
// letters, stopping, reports. Inside libs/pipeline only.
#pragma once

#include <atomic>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "pipeline/crash_marker.h"
#include "pipeline/cursor.h"
#include "pipeline/lag.h"
#include "pipeline/stage_runner.h"

namespace kawat::pipeline {

class RunnerBase : public StageRunner {
 public:
  absl::Status Run() final;
  absl::StatusOr<bool> Step() final {
    retry_pause_ = absl::ZeroDuration();
    return Turn(absl::ZeroDuration());
  }
  void Stop() noexcept final;
  absl::Time last_turn() const final;

 protected:
  RunnerBase(StageRunnerOptions options, Stage& stage, std::unique_ptr<bus::Consumer> consumer,
             std::unique_ptr<bus::Producer> producer, StageObserver* observer);

  // Once, before the first turn: find out where to read. Unavailable: the log is away, call again.
  virtual absl::Status Start() = 0;
  virtual absl::StatusOr<bool> Batch(absl::Duration patience) = 0;
  virtual int slots() const { return 1; }

  // Fills `pending_` when it is empty. Cancelled: stopped. A log that is away is no error: nothing is there.
  absl::Status Fill(const bus::PollLimits& limits);

  // Takes from `pending_` what makes the next batch: all, or up to a record that must run alone.
  std::vector<bus::Record> TakeBatch();

  // Moves the cursor of the record's partition past it, counts it in the report, and gives it an append time that never
  // goes back, whatever a new leader's clock says.
  const Cursor& Note(bus::Record& record);

  // The stage's Apply, marked (slot: of the thread); refused without it if the record was given up. `out` is as before
  // unless it returns OK.
  absl::Status Apply(int slot, const bus::Record& record, state::Txn& txn, Outbox& out);

  // Sends what `applied` gave of `record`, or its dead letter. False: its changes are to be rolled back. An error ends
  // the process.
  absl::StatusOr<bool> Settle(const bus::Record& record, const absl::Status& applied, Outbox& out);

  absl::Status Flush();  // until all is acknowledged; Cancelled after a second Stop
  void Report();         // the finished batch

  void WaitForLog(const absl::Status& why);  // a moment, or until Stop; complains now and then

  bool stopping() const { return stops_.load() > 0; }

  const StageRunnerOptions options_;
  Stage& stage_;
  const std::unique_ptr<bus::Consumer> consumer_;
  const std::unique_ptr<bus::Producer> producer_;
  StageObserver* const observer_;
  CrashMarker marker_;
  std::deque<bus::Record> pending_;                // polled, not yet applied
  std::map<bus::TopicPartition, Cursor> cursors_;  // of the partitions that were assigned, or seen
  BatchReport report_;                             // of the batch at hand

 private:
  absl::StatusOr<bool> Turn(absl::Duration patience);
  // Drops the outputs, lets the stage say what it must, and sends the dead letter.
  absl::Status Refuse(const bus::Record& record, article::Reason reason, std::string_view detail, Outbox& out);
  absl::Status SendDeadLetter(const bus::Record& record, article::Reason reason, std::string_view detail, Outbox& out);
  absl::Status SendAll(std::vector<bus::Record>& records);
  void Touch();

  std::atomic<int> stops_ = 0;
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();
  std::atomic<std::int64_t> last_turn_us_ = kNever;
  absl::Mutex wake_mutex_;
  absl::CondVar wake_;
  bool marker_is_open_ = false;
  bool started_ = false;
  absl::Duration retry_pause_ = absl::Milliseconds(200);
  absl::Time last_complaint_ = absl::InfinitePast();
  LagReports lag_;
};

// Counts `record` under its topic.
void Count(std::vector<BatchReport::Topic>& topics, const bus::Record& record);

std::unique_ptr<StageRunner> NewStatefulRunner(StageRunnerOptions options, Stage& stage,
                                               std::unique_ptr<bus::Consumer> consumer,
                                               std::unique_ptr<bus::Producer> producer, state::Store& store,
                                               LocalInput* local, StageObserver* observer);
std::unique_ptr<StageRunner> NewStatelessRunner(StageRunnerOptions options, Stage& stage,
                                                std::unique_ptr<bus::Consumer> consumer,
                                                std::unique_ptr<bus::Producer> producer, StageObserver* observer);

}  // namespace kawat::pipeline
