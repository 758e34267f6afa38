#include "pipeline/runner_base.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status.h"
#include "pipeline/dead_letter.h"
#include "telemetry/log.h"

namespace kawat::pipeline {
namespace {

constexpr absl::Duration kFlushPatience = absl::Milliseconds(200);  // between looks at whether to stop
constexpr absl::Duration kComplainEvery = absl::Seconds(10);

}  // namespace

RunnerBase::RunnerBase(StageRunnerOptions options, Stage& stage, std::unique_ptr<bus::Consumer> consumer,
                       std::unique_ptr<bus::Producer> producer, StageObserver* observer)
    : options_(std::move(options)),
      stage_(stage),
      consumer_(std::move(consumer)),
      producer_(std::move(producer)),
      observer_(observer),
      lag_(options_.owner) {}

absl::Status RunnerBase::Run() {
  while (!stopping()) {
    const absl::StatusOr<bool> turned = Turn(options_.limits.patience);
    if (!turned.ok()) {
      return stopping() && absl::IsCancelled(turned.status()) ? absl::OkStatus() : turned.status();
    }
  }
  return absl::OkStatus();
}

absl::Time RunnerBase::last_turn() const {
  const std::int64_t micros = last_turn_us_.load();
  return micros == kNever ? absl::InfinitePast() : absl::FromUnixMicros(micros);
}

void RunnerBase::Stop() noexcept {
  const bool again = stops_.fetch_add(1) > 0;
  consumer_->Stop();
  if (again) {
    producer_->Stop();
  }
  const absl::MutexLock lock(&wake_mutex_);
  wake_.SignalAll();
}

absl::StatusOr<bool> RunnerBase::Turn(absl::Duration patience) {
  if (!started_) {
    if (!std::exchange(marker_is_open_, true)) {
      KAWAT_RETURN_IF_ERROR(marker_.Open(options_.marker_path, slots()));
    }
    if (const absl::Status status = Start(); absl::IsUnavailable(status)) {
      WaitForLog(status);
      return false;
    } else if (!status.ok()) {
      return status;
    }
    started_ = true;
  }
  Touch();
  KAWAT_ASSIGN_OR_RETURN(const bool worked, Batch(patience));
  Touch();
  if (observer_ != nullptr) {
    lag_.NoteApplied(cursors_, *observer_);
    lag_.ReportIfDue(*consumer_, cursors_, base::SystemClock().Now(), *observer_);
  }
  return worked;
}

void RunnerBase::WaitForLog(const absl::Status& why) {
  if (const absl::Time now = base::SystemClock().Now(); now - last_complaint_ >= kComplainEvery) {
    last_complaint_ = now;
    telemetry::Warn("the log cannot be reached; trying again", {{"runner", options_.owner}, {"error", why}});
  }
  const absl::MutexLock lock(&wake_mutex_);
  if (!stopping() && retry_pause_ > absl::ZeroDuration()) {
    wake_.WaitWithTimeout(&wake_mutex_, retry_pause_);
  }
  if (started_) {
    Touch();
  }
}

absl::Status RunnerBase::Fill(const bus::PollLimits& limits) {
  if (!pending_.empty()) {
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<bus::Record>> polled = consumer_->Poll(limits);
  if (absl::IsUnavailable(polled.status())) {
    WaitForLog(polled.status());
    return absl::OkStatus();
  }
  if (absl::IsOutOfRange(polled.status())) {
    return absl::FailedPreconditionError(absl::StrCat(
        options_.owner, ": ", std::string(polled.status().message()),
        ". Records were deleted before they were read, or the topic was made anew. Bring the topic "
        "back, or move this shard's folder away (parse: reset its consumer group) to begin at the log's start"));
  }
  KAWAT_RETURN_IF_ERROR(polled.status());
  pending_.assign(std::make_move_iterator(polled->begin()), std::make_move_iterator(polled->end()));
  return absl::OkStatus();
}

std::vector<bus::Record> RunnerBase::TakeBatch() {
  std::vector<bus::Record> batch;
  while (!pending_.empty()) {
    const bool alone = marker_.MustRunAlone(pending_.front());
    if (alone && !batch.empty()) {
      break;
    }
    batch.push_back(std::move(pending_.front()));
    pending_.pop_front();
    if (alone) {
      break;
    }
  }
  return batch;
}

const Cursor& RunnerBase::Note(bus::Record& record) {
  Cursor& cursor = cursors_[{record.topic, record.partition}];
  cursor = Advance(cursor, record);
  ++report_.records_in;
  report_.newest_append_time = std::max(report_.newest_append_time, record.append_time);
  Count(report_.read, record);
  record.append_time = absl::FromUnixMillis(cursor.time_ms);
  return cursor;
}

absl::Status RunnerBase::Apply(int slot, const bus::Record& record, state::Txn& txn, Outbox& out) {
  if (marker_.IsGivenUp(record)) {
    return BadRecord(article::Reason::kCrashed,
                     absl::StrCat("it crashed the stage ", CrashMarker::kCrashes, " times, and once more alone"));
  }
  const Outbox fresh = out;
  marker_.Begin(slot, record);
  absl::Status applied = stage_.Apply(record, txn, out);
  marker_.End(slot);
  if (!applied.ok()) {
    out = fresh;
  }
  return applied;
}

absl::StatusOr<bool> RunnerBase::Settle(const bus::Record& record, const absl::Status& applied, Outbox& out) {
  if (absl::IsInvalidArgument(applied)) {
    KAWAT_RETURN_IF_ERROR(Refuse(record, DeadLetterReason(applied), std::string(applied.message()), out));
    return false;
  }
  if (!applied.ok()) {
    return base::Annotate(applied, absl::StrCat(options_.owner, " at ", DeadLetterKey(record)));
  }
  if (const absl::Status sent = SendAll(out.records()); absl::IsInvalidArgument(sent)) {
    KAWAT_RETURN_IF_ERROR(Refuse(record, article::Reason::kRecordTooLarge, std::string(sent.message()), out));
    return false;
  } else if (!sent.ok()) {
    return sent;
  }
  if (out.refusal().has_value()) {
    KAWAT_RETURN_IF_ERROR(SendDeadLetter(record, out.refusal()->reason, out.refusal()->detail, out));
  }
  return true;
}

absl::Status RunnerBase::Refuse(const bus::Record& record, article::Reason reason, std::string_view detail,
                                Outbox& out) {
  out.records().clear();
  stage_.Refused(record, reason, out);
  if (absl::Status sent = SendAll(out.records()); !sent.ok() && !absl::IsInvalidArgument(sent)) {
    return sent;
  }
  return SendDeadLetter(record, reason, detail, out);
}

absl::Status RunnerBase::SendDeadLetter(const bus::Record& record, article::Reason reason, std::string_view detail,
                                        Outbox& out) {
  const DeadLetter letter{.stage = options_.stage,
                          .reason = reason,
                          .detail = detail,
                          .record = record,
                          .log_epoch = out.next_origin().topic.empty() ? 1 : out.next_origin().log_epoch};
  const std::size_t before = out.records().size();
  out.Send(bus::kDeadLetters, "", DeadLetterKey(record), EncodeDeadLetter(letter, true));
  std::vector<bus::Record> message = {out.records()[before]};
  absl::Status sent = SendAll(message);
  if (absl::IsInvalidArgument(sent)) {  // too large with the original in it: that stays in its own topic only
    message[0].value = EncodeDeadLetter(letter, false);
    sent = SendAll(message);
  }
  KAWAT_RETURN_IF_ERROR(sent);
  if (observer_ != nullptr) {
    observer_->OnDeadLetter(reason,
                            {.log_epoch = letter.log_epoch,
                             .topic = record.topic,
                             .partition = record.partition,
                             .offset = record.offset,
                             .index = 0},
                            detail);
  }
  return absl::OkStatus();
}

absl::Status RunnerBase::SendAll(std::vector<bus::Record>& records) {
  if (records.empty()) {
    return absl::OkStatus();
  }
  KAWAT_RETURN_IF_ERROR(producer_->Send(records));
  for (const bus::Record& record : records) {
    Count(report_.sent, record);
  }
  return absl::OkStatus();
}

absl::Status RunnerBase::Flush() {
  if (report_.sent.empty()) {
    return absl::OkStatus();
  }
  absl::Status status = producer_->Flush(kFlushPatience);
  while (absl::IsDeadlineExceeded(status)) {
    Touch();
    status = producer_->Flush(kFlushPatience);
  }
  return status;
}

void RunnerBase::Report() {
  if (observer_ != nullptr) {
    observer_->OnBatch(report_);
  }
  report_ = BatchReport();
}

void RunnerBase::Touch() { last_turn_us_.store(absl::ToUnixMicros(base::SystemClock().Now())); }

void Count(std::vector<BatchReport::Topic>& topics, const bus::Record& record) {
  auto found = std::find_if(topics.begin(), topics.end(),
                            [&](const BatchReport::Topic& topic) { return topic.topic == record.topic; });
  if (found == topics.end()) {
    found = topics.insert(topics.end(), BatchReport::Topic{.topic = record.topic});
  }
  ++found->records;
  found->bytes += bus::SizeBytes(record);
}

}  // namespace kawat::pipeline
