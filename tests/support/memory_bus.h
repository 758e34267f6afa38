// A bus::Bus in memory, with fault hooks. The log outlives a simulated crash: end the producers and consumers, and make
// new ones; sends that were not acknowledged meet the fate that Faults says.
//
// Unlike the embedded log it never trims by age and never makes a producer wait. A record is stored when its producer
// flushes (or has 16 MiB queued). Poll waits only when its patience is more than zero, in real time: a simulation polls
// with none.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "bus/bus.h"
#include "tests/support/faults.h"

namespace kawat::support {

class MemoryBus final : public bus::Bus {
 public:
  explicit MemoryBus(base::Clock& clock, std::shared_ptr<Faults> faults = std::make_shared<Faults>())
      : clock_(clock), faults_(std::move(faults)) {}

  absl::StatusOr<std::vector<std::string>> CreateMissingTopics(std::span<const bus::TopicSpec> topics) override;
  absl::StatusOr<std::int32_t> PartitionCount(std::string_view topic) override;
  absl::StatusOr<std::unique_ptr<bus::Producer>> NewProducer() override;
  absl::StatusOr<std::unique_ptr<bus::Consumer>> NewConsumer(std::string_view group) override;
  absl::StatusOr<std::optional<std::int64_t>> Committed(std::string_view group,
                                                        const bus::TopicPartition& partition) override;
  absl::StatusOr<bool> IsBackedUp(std::string_view topic, std::string_view group) override;
  absl::Time LastHeard() override;

  // For tests.
  Faults& faults() { return *faults_; }
  // Stores it at once, without faults, and returns its offset.
  std::int64_t Append(bus::Record record);
  // All records of a topic, by partition and offset.
  std::vector<bus::Record> Records(std::string_view topic) const;
  // The newest record of each key, tombstones included.
  std::map<std::string, bus::Record> NewestByKey(std::string_view topic) const;
  // Deletes the records below `start`, as retention does.
  void TrimTo(const bus::TopicPartition& partition, std::int64_t start);
  // Makes the topic anew: empty, offsets from 0, its committed offsets forgotten.
  void Recreate(std::string_view topic);
  void SetLastHeard(absl::Time when);  // else: now
  // Told of each record that is appended, while the bus is locked.
  void OnAppend(std::function<void(const bus::Record&)> told);
  // The topic's records and its groups' offsets as they are now, and as they were again.
  struct SavedTopic;
  std::shared_ptr<const SavedTopic> Save(std::string_view topic) const;
  void Restore(const SavedTopic& saved);
  // As if another member of its group read the partition from now on: who subscribed loses it at its next Poll.
  void TakeAway(const bus::TopicPartition& partition);
  void GiveBack(const bus::TopicPartition& partition);

  // For its producers and consumers.
  absl::Status CheckSend(std::span<const bus::Record> records) const;  // NotFound, InvalidArgument
  void AppendAll(std::vector<bus::Record> records);
  // At most one partition's records from `next` on, which is moved on; waits for none.
  absl::Status Read(bus::Position& next, const bus::PollLimits& limits, std::size_t& bytes,
                    std::vector<bus::Record>& out) const;
  absl::StatusOr<bus::OffsetRange> Range(const bus::TopicPartition& partition) const;
  std::optional<bus::Record> ReadAt(const bus::TopicPartition& partition, std::int64_t offset) const;
  void Commit(const std::string& group, std::span<const bus::Position> positions);
  // Returns after `patience`, or earlier if something was appended after `seen` or `Wake` was called; sets `seen` to
  // what is there now.
  void WaitForMore(std::int64_t& seen, absl::Duration patience);
  void Wake();
  // A group's partitions are shared out among its members: partition p is that of member p modulo their number.
  int Join(const std::string& group);
  void Leave(const std::string& group, int member);
  bool IsOf(const std::string& group, int member, const bus::TopicPartition& partition) const;

 private:
  struct Partition {
    std::int64_t start = 0;
    std::int64_t end = 0;
    absl::Time last_append_time = absl::InfinitePast();
    std::map<std::int64_t, bus::Record> records;
    std::map<std::string, std::int64_t> newest;  // compacted topics: offset by key
  };
  struct Topic {
    bus::TopicSpec spec;
    std::vector<Partition> partitions;
  };

  const Topic* Find(std::string_view topic) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<const Partition*> FindPartition(const bus::TopicPartition& partition) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::int64_t AppendLocked(bus::Record record) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  base::Clock& clock_;
  std::shared_ptr<Faults> faults_;
  mutable absl::Mutex mutex_;
  absl::CondVar changed_;
  std::int64_t changes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, Topic, std::less<>> topics_ ABSL_GUARDED_BY(mutex_);
  std::map<std::pair<std::string, bus::TopicPartition>, std::int64_t> committed_ ABSL_GUARDED_BY(mutex_);
  std::set<bus::TopicPartition> taken_away_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::vector<int>> members_ ABSL_GUARDED_BY(mutex_);  // by group, in the order of joining
  int last_member_ ABSL_GUARDED_BY(mutex_) = 0;
  std::optional<absl::Time> last_heard_ ABSL_GUARDED_BY(mutex_);
  std::function<void(const bus::Record&)> on_append_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kawat::support
