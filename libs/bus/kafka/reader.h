// Reads single records by their offsets.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "bus/kafka/catalog.h"
#include "bus/kafka/client.h"
#include "bus/record.h"

namespace kawat::bus::kafka {

// One handle, made at the first use. Threads: any, one after the other. `catalog` must outlive it.
class Reader {
 public:
  Reader(KafkaOptions options, Catalog& catalog) : options_(std::move(options)), catalog_(catalog) {}

  // As Consumer::ReadAt.
  absl::StatusOr<std::optional<Record>> ReadAt(const TopicPartition& partition, std::int64_t offset);

 private:
  absl::StatusOr<std::optional<Record>> Consume(const TopicPartition& partition, std::int64_t offset)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  KafkaOptions options_;
  Catalog& catalog_;
  absl::Mutex mutex_;
  std::unique_ptr<Client> client_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kawat::bus::kafka
