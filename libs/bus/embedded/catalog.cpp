#include "bus/embedded/catalog.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace kawat::bus::embedded {
namespace {

absl::Status NoTopic(std::string_view name) {
  return absl::NotFoundError(absl::StrCat("the log has no ", std::string(name)));
}

}  // namespace

void Catalog::Add(TopicInfo topic, std::vector<PartitionState> partitions) {
  absl::MutexLock lock(&mutex_);
  Entry& entry = topics_[topic.spec.name];
  entry.parts.resize(partitions.size());
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    entry.parts[i].state = partitions[i];
  }
  entry.info = std::move(topic);
}

absl::StatusOr<TopicInfo> Catalog::Topic(std::string_view name) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = topics_.find(name);
  if (found == topics_.end()) {
    return NoTopic(name);
  }
  return found->second.info;
}

std::vector<TopicInfo> Catalog::Topics() const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<TopicInfo> topics;
  topics.reserve(topics_.size());
  for (const auto& [name, entry] : topics_) {
    topics.push_back(entry.info);
  }
  return topics;
}

const Catalog::Part* Catalog::Find(const TopicPartition& partition) const {
  const auto found = topics_.find(partition.topic);
  if (found == topics_.end() || partition.partition < 0 || partition.partition >= found->second.info.spec.partitions) {
    return nullptr;
  }
  return &found->second.parts[static_cast<std::size_t>(partition.partition)];
}

Catalog::Part& Catalog::Get(const TopicPartition& partition) {
  const Part* part = Find(partition);
  KAWAT_CHECK(part != nullptr, "a partition that is not in the catalog");
  return const_cast<Part&>(*part);  // it is ours; Find is const for the readers
}

absl::StatusOr<PartitionState> Catalog::Partition(const TopicPartition& partition) const {
  absl::ReaderMutexLock lock(&mutex_);
  const Part* part = Find(partition);
  if (part == nullptr) {
    return NoTopic(absl::StrCat(partition.topic, "/", partition.partition));
  }
  return part->state;
}

void Catalog::Publish(const PartitionChanges& changes) {
  absl::MutexLock lock(&mutex_);
  for (const auto& [partition, state] : changes) {
    Get(partition).state = state;
  }
  appended_.SignalAll();
}

void Catalog::SetCommitted(const std::string& group, const TopicPartition& partition, GroupPosition position) {
  absl::MutexLock lock(&mutex_);
  Get(partition).groups.insert_or_assign(group, position);
  committed_.SignalAll();
}

std::optional<std::int64_t> Catalog::Committed(std::string_view group, const TopicPartition& partition) const {
  absl::ReaderMutexLock lock(&mutex_);
  const Part* part = Find(partition);
  if (part == nullptr) {
    return std::nullopt;
  }
  const auto found = part->groups.find(group);
  return found == part->groups.end() ? std::nullopt : std::optional(found->second.offset);
}

std::int64_t Catalog::SlowestOffset(const TopicPartition& partition) const {
  absl::ReaderMutexLock lock(&mutex_);
  const Part* part = Find(partition);
  KAWAT_CHECK(part != nullptr, "a partition that is not in the catalog");
  std::int64_t slowest = part->state.end;
  for (const auto& [group, position] : part->groups) {
    slowest = std::min(slowest, position.offset);
  }
  return slowest;
}

std::int64_t Catalog::UnreadBytes(std::string_view topic, std::string_view group) const {
  absl::ReaderMutexLock lock(&mutex_);
  std::int64_t unread = 0;
  if (const auto found = topics_.find(topic); found != topics_.end()) {
    for (const Part& part : found->second.parts) {
      if (const auto position = part.groups.find(group); position != part.groups.end()) {
        unread += part.state.total_bytes - position->second.bytes;
      }
    }
  }
  return unread;
}

bool Catalog::IsFull(const Entry& topic) const {
  if (topic.info.spec.max_unread_bytes <= 0) {
    return false;
  }
  std::map<std::string_view, std::int64_t> unread;
  for (const Part& part : topic.parts) {
    for (const auto& [group, position] : part.groups) {
      unread[group] += part.state.total_bytes - position.bytes;
    }
  }
  return std::any_of(unread.begin(), unread.end(),
                     [&](const auto& entry) { return entry.second >= topic.info.spec.max_unread_bytes; });
}

absl::Status Catalog::WaitForRoom(std::span<const std::string> topics, const std::atomic<bool>& stopped) const {
  absl::MutexLock lock(&mutex_);
  while (!stopped) {
    const bool full = std::any_of(topics.begin(), topics.end(), [&](const std::string& topic) {
      mutex_.AssertReaderHeld();
      const auto found = topics_.find(topic);
      return found != topics_.end() && IsFull(found->second);
    });
    if (!full) {
      return absl::OkStatus();
    }
    committed_.Wait(&mutex_);
  }
  return absl::CancelledError("the producer was stopped");
}

absl::StatusOr<std::vector<std::int64_t>> Catalog::WaitForData(std::span<const Position> positions, absl::Time deadline,
                                                               const std::atomic<bool>& stopped) const {
  std::vector<std::int64_t> ends(positions.size());
  absl::MutexLock lock(&mutex_);
  for (bool timed_out = false;; timed_out = appended_.WaitWithDeadline(&mutex_, deadline)) {
    if (stopped) {
      return absl::CancelledError("the consumer was stopped");
    }
    bool any = false;
    for (std::size_t i = 0; i < positions.size(); ++i) {
      const Position& next = positions[i];
      const Part* part = Find({next.topic, next.partition});
      KAWAT_CHECK(part != nullptr, "a partition that is not in the catalog");
      if (next.offset < part->state.start || next.offset > part->state.end) {
        return absl::OutOfRangeError(absl::StrCat(next.topic, "/", next.partition, " holds the offsets ",
                                                  part->state.start, " to ", part->state.end, ", not ", next.offset));
      }
      ends[i] = part->state.end;
      any = any || next.offset < part->state.end;
    }
    if (any || timed_out) {
      return ends;
    }
  }
}

void Catalog::Wake() {
  absl::MutexLock lock(&mutex_);
  appended_.SignalAll();
  committed_.SignalAll();
}

}  // namespace kawat::bus::embedded
