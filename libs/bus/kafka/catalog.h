// What the bus knows of topics: partitions, which the cluster says and which never change, and record limits.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "bus/kafka/connection.h"
#include "bus/topics.h"

namespace kawat::bus::kafka {

// Threads: any. `connection` must outlive it.
class Catalog {
 public:
  explicit Catalog(Connection& connection);

  absl::StatusOr<std::int32_t> PartitionCount(std::string_view topic);  // NotFound, Unavailable
  absl::Status CheckPartition(const TopicPartition& partition);         // NotFound, Unavailable

  // kawat's own topics are known from the start, others from CreateMissingTopics; 1 MiB for any other.
  std::int64_t MaxRecordBytes(std::string_view topic) const;
  void Learn(std::span<const TopicSpec> topics);

  absl::StatusOr<OffsetRange> Range(const TopicPartition& partition);  // NotFound, Unavailable

 private:
  Connection& connection_;
  mutable absl::Mutex mutex_;
  std::map<std::string, std::int32_t, std::less<>> partitions_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::int64_t, std::less<>> limits_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kawat::bus::kafka
