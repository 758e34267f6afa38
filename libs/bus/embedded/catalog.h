// What the log holds now: topics, the ends of their partitions, what each group has committed. In memory; the one place
// where threads wait.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "bus/bus.h"

namespace kawat::bus::embedded {

struct PartitionState {
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::int64_t total_bytes = 0;  // of all records ever appended: a position in bytes, as `end` is one in records
  std::int64_t last_append_ms = 0;
};

struct TopicInfo {
  std::uint32_t id = 0;
  TopicSpec spec;
};

// A group's next offset, and total_bytes before the record there.
struct GroupPosition {
  std::int64_t offset = 0;
  std::int64_t bytes = 0;
};

using PartitionChanges = std::map<TopicPartition, PartitionState>;

// Threads: any. Waits end early, with Cancelled, when `stopped` is set and Wake() called.
class Catalog {
 public:
  void Add(TopicInfo topic, std::vector<PartitionState> partitions);

  absl::StatusOr<TopicInfo> Topic(std::string_view name) const;                     // NotFound
  absl::StatusOr<PartitionState> Partition(const TopicPartition& partition) const;  // NotFound
  std::vector<TopicInfo> Topics() const;

  // After an append or before a trim. Wakes pollers.
  void Publish(const PartitionChanges& changes);

  // Wakes producers that wait for room.
  void SetCommitted(const std::string& group, const TopicPartition& partition, GroupPosition position);
  std::optional<std::int64_t> Committed(std::string_view group, const TopicPartition& partition) const;
  // The offset that the slowest group wants next; the end without any group.
  std::int64_t SlowestOffset(const TopicPartition& partition) const;
  // What `group` has not read of a topic where it is registered.
  std::int64_t UnreadBytes(std::string_view topic, std::string_view group) const;

  // Until no group has max_unread_bytes or more to read of any of these topics.
  absl::Status WaitForRoom(std::span<const std::string> topics, const std::atomic<bool>& stopped) const;

  // Until a partition has a record at or after its position, or the deadline; then the ends, in the order of
  // `positions`. OutOfRange: a position is outside of what its partition holds.
  absl::StatusOr<std::vector<std::int64_t>> WaitForData(std::span<const Position> positions, absl::Time deadline,
                                                        const std::atomic<bool>& stopped) const;
  void Wake();

 private:
  struct Part {
    PartitionState state;
    std::map<std::string, GroupPosition, std::less<>> groups;
  };
  struct Entry {
    TopicInfo info;
    std::vector<Part> parts;
  };

  const Part* Find(const TopicPartition& partition) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  Part& Get(const TopicPartition& partition) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsFull(const Entry& topic) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  mutable absl::CondVar appended_;
  mutable absl::CondVar committed_;
  std::map<std::string, Entry, std::less<>> topics_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kawat::bus::embedded
