// A shard's loop: its state holds its offsets.

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/status.h"
#include "pipeline/runner_base.h"
#include "pipeline/stopwatch.h"
#include "telemetry/log.h"

namespace kawat::pipeline {
namespace {

constexpr absl::Duration kRemindEvery = absl::Seconds(30);

class StatefulRunner final : public RunnerBase {
 public:
  StatefulRunner(StageRunnerOptions options, Stage& stage, std::unique_ptr<bus::Consumer> consumer,
                 std::unique_ptr<bus::Producer> producer, state::Store& store, LocalInput* local,
                 StageObserver* observer)
      : RunnerBase(std::move(options), stage, std::move(consumer), std::move(producer), observer),
        store_(store),
        local_(local) {}

 private:
  absl::Status Start() override;
  absl::StatusOr<bool> Batch(absl::Duration patience) override;
  absl::StatusOr<bool> IsNamed() const;
  absl::Status CheckIsNew(const bus::TopicPartition& partition) const;
  absl::StatusOr<Cursor> Find(const bus::TopicPartition& partition, bool& is_new);
  absl::Status ApplyRecord(bus::Record& record, state::Txn& txn);
  absl::Status ApplyAndSettle(const bus::Record& record, Outbox out, state::Txn& txn);
  absl::Status Commit(std::unique_ptr<state::Txn> txn, const std::vector<bus::Record>& records);
  void TellBus(const std::vector<bus::Position>& positions);
  void RemindBus();

  state::Store& store_;
  LocalInput* const local_;
  std::map<bus::TopicPartition, std::int64_t> complete_below_;  // as of the last commit
  absl::Time told_ = absl::InfinitePast();                      // all positions to the bus
};

// Errors of the store are never Unavailable for long, so that Start may be called again: nothing is kept of a start
// that failed.
absl::Status StatefulRunner::Start() {
  cursors_.clear();
  std::unique_ptr<state::Txn> txn = store_.Begin();
  std::vector<bus::Position> positions;
  KAWAT_ASSIGN_OR_RETURN(const bool named, IsNamed());
  bool any_new = !named;
  if (!named) {
    txn->Put(OwnerKey(), options_.owner);
  }
  for (const bus::TopicPartition& input : options_.inputs) {
    bool is_new = false;
    KAWAT_ASSIGN_OR_RETURN(const Cursor cursor, Find(input, is_new));
    if (is_new) {
      if (!named) {
        KAWAT_RETURN_IF_ERROR(CheckIsNew(input));
      }
      txn->Put(CursorKey(input), EncodeCursor(cursor));
      any_new = true;
    }
    cursors_[input] = cursor;
    complete_below_[input] = cursor.next;
    positions.push_back({input.topic, input.partition, cursor.next});
  }
  KAWAT_RETURN_IF_ERROR(consumer_->Assign(positions));
  if (any_new) {
    if (const absl::Status committed = store_.Commit(std::move(txn)); !committed.ok()) {
      return absl::InternalError(
          absl::StrCat(options_.owner, ": the start offset was not stored: ", std::string(committed.message())));
    }
  }
  TellBus(positions);
  told_ = base::SystemClock().Now();
  return absl::OkStatus();
}

// Folders that were swapped would be taken as new where they lack the offset, and their facts told a second time.
absl::StatusOr<bool> StatefulRunner::IsNamed() const {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> owner, store_.Get(OwnerKey()));
  if (owner.has_value() && *owner != options_.owner) {
    return absl::FailedPreconditionError(
        absl::StrCat(options_.owner, ": its folder holds the state of ", *owner,
                     ". Nothing was changed. Folders were moved or swapped: put each back in its place"));
  }
  return owner.has_value();
}

// Of a state that no owner has written itself into: an earlier version's, or a new one, into which a service may have
// put something before the first start.
absl::Status StatefulRunner::CheckIsNew(const bus::TopicPartition& partition) const {
  bool is_new = true;
  KAWAT_RETURN_IF_ERROR(
      store_.Scan(kCursorPrefix, "", [&](std::string_view, std::string_view) { return is_new = false; }));
  return is_new ? absl::OkStatus()
                : absl::FailedPreconditionError(absl::StrCat(
                      options_.owner, ": its folder holds a state with offsets, but none of ", partition.topic, "/",
                      partition.partition,
                      ", so that it is another's. Nothing was changed. Put the right folder in its place"));
}

absl::StatusOr<Cursor> StatefulRunner::Find(const bus::TopicPartition& partition, bool& is_new) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> stored, store_.Get(CursorKey(partition)));
  is_new = !stored.has_value();
  if (is_new) {
    KAWAT_ASSIGN_OR_RETURN(const bus::OffsetRange range, consumer_->Range(partition));
    return Cursor{.next = range.start};
  }
  absl::StatusOr<Cursor> cursor = DecodeCursor(*stored);
  if (!cursor.ok()) {
    return base::Annotate(cursor.status(), options_.owner);
  }
  KAWAT_RETURN_IF_ERROR(CheckCursor(options_.owner, partition, *cursor, *consumer_));
  return cursor;
}

absl::StatusOr<bool> StatefulRunner::Batch(absl::Duration patience) {
  std::vector<bus::Record> events;
  if (local_ != nullptr) {
    KAWAT_ASSIGN_OR_RETURN(events, local_->Take(options_.limits.max_records));
  }
  RemindBus();
  bus::PollLimits limits = options_.limits;
  limits.patience = events.empty() ? patience : absl::ZeroDuration();
  KAWAT_RETURN_IF_ERROR(Fill(limits));
  std::vector<bus::Record> records = TakeBatch();
  if (events.empty() && records.empty()) {
    return false;
  }
  report_ = BatchReport{.newest_append_time = absl::InfinitePast()};
  Stopwatch watch;
  std::unique_ptr<state::Txn> txn = store_.Begin();
  for (const bus::Record& event : events) {
    KAWAT_RETURN_IF_ERROR(ApplyAndSettle(event, Outbox(bus::Origin(), 0), *txn));
  }
  for (bus::Record& record : records) {
    KAWAT_RETURN_IF_ERROR(ApplyRecord(record, *txn));
  }
  report_.apply = watch.Lap();
  KAWAT_RETURN_IF_ERROR(Flush());
  report_.send = watch.Lap();
  KAWAT_RETURN_IF_ERROR(Commit(std::move(txn), records));
  report_.commit = watch.Lap();
  KAWAT_RETURN_IF_ERROR(stage_.Committed());
  Report();
  return true;
}

absl::Status StatefulRunner::ApplyRecord(bus::Record& record, state::Txn& txn) {
  const bus::TopicPartition place{record.topic, record.partition};
  const auto found = cursors_.find(place);
  KAWAT_CHECK(found != cursors_.end() && record.offset >= found->second.next,
              "the log gave a record of another partition, or one a second time");
  const Cursor& cursor = Note(record);
  const bus::Origin origin{.log_epoch = cursor.log_epoch,
                           .topic = record.topic,
                           .partition = record.partition,
                           .offset = record.offset,
                           .index = 0};
  return ApplyAndSettle(record, Outbox(origin, complete_below_[place]), txn);
}

absl::Status StatefulRunner::ApplyAndSettle(const bus::Record& record, Outbox out, state::Txn& txn) {
  txn.SetSavePoint();
  const absl::Status applied = Apply(0, record, txn, out);
  KAWAT_ASSIGN_OR_RETURN(const bool keep, Settle(record, applied, out));
  if (!keep) {
    txn.RollBack();
  }
  return absl::OkStatus();
}

absl::Status StatefulRunner::Commit(std::unique_ptr<state::Txn> txn, const std::vector<bus::Record>& records) {
  std::map<bus::TopicPartition, std::int64_t> moved;
  for (const bus::Record& record : records) {
    moved[{record.topic, record.partition}] = record.offset + 1;
  }
  for (const auto& [place, next] : moved) {
    txn->Put(CursorKey(place), EncodeCursor(cursors_[place]));
    report_.positions.push_back({place.topic, place.partition, next});
  }
  KAWAT_RETURN_IF_ERROR(
      base::Annotate(store_.Commit(std::move(txn)), absl::StrCat(options_.owner, ": committing state")));
  for (const auto& [place, next] : moved) {
    complete_below_[place] = next;
  }
  for (const bus::Record& record : records) {
    marker_.Forget(record);
  }
  TellBus(report_.positions);
  return absl::OkStatus();
}

// Kafka forgets an offset a week after it was committed, and one of the first may be lost while the group is made: then
// monitors would guess where partitions stand that get no records.
void StatefulRunner::RemindBus() {
  if (base::SystemClock().Now() - told_ < kRemindEvery) {
    return;
  }
  std::vector<bus::Position> positions;
  for (const auto& [place, cursor] : cursors_) {
    positions.push_back({place.topic, place.partition, cursor.next});
  }
  TellBus(positions);
  told_ = base::SystemClock().Now();
}

// For monitors and for the log's trimming only: the truth lies in the state, so a failure costs nothing.
void StatefulRunner::TellBus(const std::vector<bus::Position>& positions) {
  if (positions.empty()) {
    return;
  }
  if (const absl::Status status = consumer_->Commit(positions); !status.ok() && !stopping()) {
    telemetry::Warn("the offsets were not committed on the bus", {{"runner", options_.owner}, {"error", status}});
  }
}

}  // namespace

std::unique_ptr<StageRunner> NewStatefulRunner(StageRunnerOptions options, Stage& stage,
                                               std::unique_ptr<bus::Consumer> consumer,
                                               std::unique_ptr<bus::Producer> producer, state::Store& store,
                                               LocalInput* local, StageObserver* observer) {
  return std::make_unique<StatefulRunner>(std::move(options), stage, std::move(consumer), std::move(producer), store,
                                          local, observer);
}

}  // namespace kawat::pipeline
