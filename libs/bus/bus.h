// The log as a port: topics of partitions of records that only grow.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bus/record.h"
#include "bus/topics.h"

namespace kawat::bus {

// Appends records to topics and says when they are stored for good.
//
// Order:    what one Producer sends to one partition is stored in that order, without gaps.
// Threads:  one at a time, except Stop().
//
// Errors:   sticky. After a failed delivery nothing more is stored, each call returns that error, and the owner ends
// the process.
//
// Adapters: kafka (idempotent, gapless, acks=all), embedded, memory (tests/support). One contract test holds for all
// three.
class Producer {
 public:
  virtual ~Producer() = default;  // waits 2 s at most, does not flush: what is unacknowledged may be stored or not

  // Copies `records` into the queue and returns before they are stored. Waits while the queue holds 16 MiB, and,
  // embedded, while a topic holds max_unread_bytes. On error none was queued:
  //   InvalidArgument  a record is larger than its topic allows; names the topic, the size and the limit
  //   NotFound         no such topic
  //   Cancelled        Stop() was called
  virtual absl::Status Send(std::span<const Record> records) = 0;

  // OK once all that was sent is on every in-sync replica. DeadlineExceeded: not within `patience`, still on its way;
  // Flush again.
  virtual absl::Status Flush(absl::Duration patience) = 0;

  // Wakes Send and Flush. Any thread, any number of times, not from a signal handler.
  virtual void Stop() noexcept = 0;
};

struct PollLimits {
  std::size_t max_records = 500;
  std::size_t max_bytes = 16 << 20;  // at least one record is returned, however large
  absl::Duration patience = absl::Milliseconds(50);
};

// The offsets that a partition holds: [start, end).
struct OffsetRange {
  std::int64_t start = 0;
  std::int64_t end = 0;
};

// Reads records in the order of their offsets, partition by partition; between partitions there is no order.
//
// Threads:  one at a time, except Stop().
//
// Errors:   Unavailable: the log cannot be reached; call again. OutOfRange: the log no longer holds the next offset; it
// is never skipped.
//
// Positions are the reader's own until Commit; Commit tells the log for monitors and, after Subscribe, for the next
// owner.
class Consumer {
 public:
  virtual ~Consumer() = default;

  // Reads exactly these partitions from these offsets (static assignment). Replaces what was assigned.
  virtual absl::Status Assign(std::span<const Position> positions) = 0;

  // Reads as a member of its group (`range` strategy): each partition has one reader in the group. It starts at the
  // group's committed offset and, with none, at the log's start, which it commits at once. Embedded and memory: this
  // consumer gets all partitions.
  virtual absl::Status Subscribe(std::span<const std::string> topics) = 0;

  // The next records, as soon as there are any; an empty vector after limits.patience. Never records of a partition
  // that is not its own.
  virtual absl::StatusOr<std::vector<Record>> Poll(const PollLimits& limits) = 0;

  // The partitions that it reads now, each with the offset at which it began there. It changes in Assign, Subscribe and
  // Poll only.
  virtual std::vector<Position> Assigned() const = 0;

  // Commits for the group. Partitions that are no longer this member's are left out. Assign: for monitors, best effort,
  // may return before it is stored. Subscribe: returns once it is stored.
  virtual absl::Status Commit(std::span<const Position> positions) = 0;

  // What the partition holds now. NotFound: no such topic or partition.
  virtual absl::StatusOr<OffsetRange> Range(const TopicPartition& partition) = 0;

  // The record at exactly that offset; nullopt: the log has no record there (compacted away, or out of range).
  virtual absl::StatusOr<std::optional<Record>> ReadAt(const TopicPartition& partition, std::int64_t offset) = 0;

  // Wakes Poll, which then returns Cancelled.
  virtual void Stop() noexcept = 0;
};

// What a bus met since it was opened, for metrics.
struct BusCounts {
  std::int64_t rebalances = 0;  // partitions of a group were given to members anew
  std::int64_t errors = 0;      // that a broker did not answer, or refused
};

// One process's way to the log. Must outlive its producers and consumers.
// Threads: any.
class Bus {
 public:
  virtual ~Bus() = default;

  // Makes the topics that are missing; never changes, shrinks or deletes one. Returns the names of those made.
  virtual absl::StatusOr<std::vector<std::string>> CreateMissingTopics(std::span<const TopicSpec> topics) = 0;

  virtual absl::StatusOr<std::int32_t> PartitionCount(std::string_view topic) = 0;  // NotFound

  virtual absl::StatusOr<std::unique_ptr<Producer>> NewProducer() = 0;

  // `group`: whose committed offsets it reads and writes.
  virtual absl::StatusOr<std::unique_ptr<Consumer>> NewConsumer(std::string_view group) = 0;

  // The offset committed by `group`; nullopt: none.
  virtual absl::StatusOr<std::optional<std::int64_t>> Committed(std::string_view group,
                                                                const TopicPartition& partition) = 0;

  // Whether `group` is so far behind on `topic` that no more should be made for it: embedded, half of max_unread_bytes
  // is unread; Kafka, a record older than a day is unread.
  virtual absl::StatusOr<bool> IsBackedUp(std::string_view topic, std::string_view group) = 0;

  // When the log was last heard of: Kafka is asked every second, and this is when the newest question that it answered
  // was asked. Embedded: now.
  virtual absl::Time LastHeard() = 0;

  virtual BusCounts Counts() { return {}; }
};

}  // namespace kawat::bus
