#include "bus/embedded/writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/time/clock.h"
#include "base/status.h"

namespace kawat::bus::embedded {
namespace {

constexpr absl::Duration kLinger = absl::Milliseconds(5);  // how long records wait for others when nobody flushes
constexpr std::size_t kAccountBytes = 16 << 20;
constexpr std::size_t kEnoughBytes = 1 << 20;  // not worth waiting for more
constexpr std::size_t kBatchBytes = 16 << 20;  // in one sync, at most, or one job

}  // namespace

Writer::Writer(Storage& storage) : storage_(storage), thread_([this] { Run(); }) {}

Writer::~Writer() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
    queued_.SignalAll();
  }
  thread_.join();
}

absl::Status Writer::Submit(const std::shared_ptr<Account>& account, std::vector<Record> records,
                            const std::atomic<bool>& stopped) {
  Job job;
  for (const Record& record : records) {
    job.bytes += SizeBytes(record);
  }
  job.records = std::move(records);
  job.account = account;
  job.since = absl::Now();
  const absl::MutexLock lock(&mutex_);
  while (account->queued_bytes >= kAccountBytes && failed_.ok() && !stopped) {
    wanted_ticket_ = std::max(wanted_ticket_, account->last_ticket);
    queued_.SignalAll();
    stored_.Wait(&mutex_);
  }
  KAWAT_RETURN_IF_ERROR(failed_);
  if (stopped) {
    return absl::CancelledError("the producer was stopped");
  }
  job.ticket = next_ticket_++;
  account->last_ticket = job.ticket;
  account->queued_bytes += job.bytes;
  queue_bytes_ += job.bytes;
  queue_.push_back(std::move(job));
  queued_.SignalAll();
  return absl::OkStatus();
}

absl::Status Writer::WaitStored(const std::shared_ptr<Account>& account, absl::Duration patience,
                                const std::atomic<bool>& stopped) {
  const absl::Time deadline = absl::Now() + patience;
  const absl::MutexLock lock(&mutex_);
  if (account->last_ticket > wanted_ticket_) {
    wanted_ticket_ = account->last_ticket;
    queued_.SignalAll();
  }
  for (bool timed_out = false;; timed_out = stored_.WaitWithDeadline(&mutex_, deadline)) {
    KAWAT_RETURN_IF_ERROR(failed_);
    if (stored_ticket_ >= account->last_ticket) {
      return absl::OkStatus();
    }
    if (stopped) {
      return absl::CancelledError("the producer was stopped");
    }
    if (timed_out) {
      return absl::DeadlineExceededError("the records are not stored yet");
    }
  }
}

void Writer::Wake() {
  const absl::MutexLock lock(&mutex_);
  stored_.SignalAll();
}

// Whether to store what is queued now, rather than wait for company.
bool Writer::IsDue() const {
  return ending_ || queue_bytes_ >= kEnoughBytes || wanted_ticket_ >= queue_.front().ticket ||
         absl::Now() >= queue_.front().since + kLinger;
}

std::vector<Writer::Job> Writer::TakeBatch() {
  std::size_t bytes = 0;
  auto end = queue_.begin();
  do {
    bytes += end->bytes;
    ++end;
  } while (end != queue_.end() && bytes + end->bytes <= kBatchBytes);
  std::vector<Job> jobs(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
  queue_.erase(queue_.begin(), end);
  queue_bytes_ -= bytes;
  return jobs;
}

absl::Status Writer::Store(std::vector<Job>& jobs) {
  std::vector<Record> records = std::move(jobs.front().records);
  for (std::size_t i = 1; i < jobs.size(); ++i) {
    std::move(jobs[i].records.begin(), jobs[i].records.end(), std::back_inserter(records));
  }
  KAWAT_RETURN_IF_ERROR(storage_.Append(records));
  return storage_.TrimIfDue();
}

void Writer::Run() {
  while (true) {
    std::vector<Job> jobs;
    {
      const absl::MutexLock lock(&mutex_);
      while (queue_.empty() && !ending_) {
        queued_.Wait(&mutex_);
      }
      if (queue_.empty() || !failed_.ok()) {
        return;
      }
      while (!IsDue()) {
        queued_.WaitWithDeadline(&mutex_, queue_.front().since + kLinger);
      }
      jobs = TakeBatch();
    }
    const absl::Status status = Store(jobs);
    const absl::MutexLock lock(&mutex_);
    for (const Job& job : jobs) {
      job.account->queued_bytes -= job.bytes;
    }
    failed_ = status;
    if (status.ok()) {
      stored_ticket_ = jobs.back().ticket;
    }
    stored_.SignalAll();
  }
}

}  // namespace kawat::bus::embedded
