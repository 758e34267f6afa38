// Stores what all producers of a process queue, in one thread: what waits at the same time is synced together.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "bus/embedded/storage.h"
#include "bus/record.h"

namespace kawat::bus::embedded {

// Threads: any. Errors are sticky: after a failed append nothing more is stored, and each call returns that error.
class Writer {
 public:
  explicit Writer(Storage& storage);
  ~Writer();  // stores what is queued
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // A producer's part of the queue.
  struct Account {
    std::size_t queued_bytes = 0;
    std::int64_t last_ticket = 0;
  };

  // Queues the records, after waiting while the account holds 16 MiB. Cancelled: `stopped` was set, and Wake() called.
  absl::Status Submit(const std::shared_ptr<Account>& account, std::vector<Record> records,
                      const std::atomic<bool>& stopped);

  // OK once all that the account submitted is stored. DeadlineExceeded: not within `patience`.
  absl::Status WaitStored(const std::shared_ptr<Account>& account, absl::Duration patience,
                          const std::atomic<bool>& stopped);
  void Wake();

 private:
  struct Job {
    std::int64_t ticket = 0;
    absl::Time since;
    std::size_t bytes = 0;
    std::vector<Record> records;
    std::shared_ptr<Account> account;
  };

  void Run();
  bool IsDue() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  std::vector<Job> TakeBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Store(std::vector<Job>& jobs);

  Storage& storage_;
  absl::Mutex mutex_;
  absl::CondVar queued_;
  absl::CondVar stored_;
  std::deque<Job> queue_ ABSL_GUARDED_BY(mutex_);
  std::size_t queue_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::int64_t next_ticket_ ABSL_GUARDED_BY(mutex_) = 1;
  std::int64_t stored_ticket_ ABSL_GUARDED_BY(mutex_) = 0;
  std::int64_t wanted_ticket_ ABSL_GUARDED_BY(mutex_) = 0;  // somebody waits for it
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status failed_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace kawat::bus::embedded
