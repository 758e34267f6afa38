// The handle by which a bus asks the cluster, and the thread that knows whether it answers.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "bus/bus.h"
#include "bus/kafka/client.h"

namespace kawat::bus::kafka {

// Asks for the list of brokers every second. Threads: any.
class Connection {
 public:
  // Does not wait for a broker.
  static absl::StatusOr<std::unique_ptr<Connection>> New(const KafkaOptions& options);

  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Waits for the first answer. Cancelled: `shutdown` was requested. Unavailable: none within `patience`.
  absl::Status WaitForBroker(const base::Shutdown& shutdown, absl::Duration patience = absl::InfiniteDuration());

  // When the newest question that was answered was asked.
  absl::Time LastHeard() const;

  // For metrics; consumers count theirs here too.
  void CountRebalance() { ++rebalances_; }
  void CountError() { ++trouble_->errors; }
  BusCounts Counts() const { return {.rebalances = rebalances_, .errors = trouble_->errors}; }

  rd_kafka_t* handle() const { return client_->get(); }

 private:
  // Why the broker is away, in librdkafka's words.
  struct Trouble {
    absl::Mutex mutex;
    std::string why ABSL_GUARDED_BY(mutex);
    std::atomic<std::int64_t> errors = 0;
  };

  explicit Connection(std::string brokers) : brokers_(std::move(brokers)), trouble_(std::make_shared<Trouble>()) {}
  static void OnError(rd_kafka_t* handle, int error, const char* reason, void* opaque);
  void Watch();
  void Note(absl::Time asked, bool answered);
  std::string Why() const;

  std::string brokers_;
  std::atomic<std::int64_t> rebalances_ = 0;
  std::shared_ptr<Trouble> trouble_;
  std::unique_ptr<Client> client_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time last_heard_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::Time away_since_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  std::thread watch_;
};

}  // namespace kawat::bus::kafka
