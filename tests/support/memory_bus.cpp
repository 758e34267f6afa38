#include "tests/support/memory_bus.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status.h"
#include "tests/support/memory_bus_clients.h"

namespace kawat::support {
namespace {

absl::Status NoTopic(std::string_view topic) {
  return absl::NotFoundError(absl::StrCat("no topic ", std::string(topic)));
}

absl::Time FloorToMillis(absl::Time time) { return absl::FromUnixMillis(absl::ToUnixMillis(time)); }

}  // namespace

const MemoryBus::Topic* MemoryBus::Find(std::string_view topic) const {
  const auto found = topics_.find(topic);
  return found == topics_.end() ? nullptr : &found->second;
}

absl::StatusOr<const MemoryBus::Partition*> MemoryBus::FindPartition(const bus::TopicPartition& partition) const {
  const Topic* topic = Find(partition.topic);
  if (topic == nullptr || partition.partition < 0 || partition.partition >= topic->spec.partitions) {
    return NoTopic(absl::StrCat(partition.topic, "/", partition.partition));
  }
  return &topic->partitions[static_cast<std::size_t>(partition.partition)];
}

absl::StatusOr<std::vector<std::string>> MemoryBus::CreateMissingTopics(std::span<const bus::TopicSpec> topics) {
  absl::MutexLock lock(&mutex_);
  std::vector<std::string> made;
  for (const bus::TopicSpec& spec : topics) {
    if (Find(spec.name) == nullptr) {
      topics_[spec.name] = {spec, std::vector<Partition>(static_cast<std::size_t>(spec.partitions))};
      made.push_back(spec.name);
    }
  }
  return made;
}

absl::StatusOr<std::int32_t> MemoryBus::PartitionCount(std::string_view topic) {
  absl::MutexLock lock(&mutex_);
  const Topic* found = Find(topic);
  if (found == nullptr) {
    return NoTopic(topic);
  }
  return found->spec.partitions;
}

absl::StatusOr<std::unique_ptr<bus::Producer>> MemoryBus::NewProducer() {
  return std::make_unique<MemoryProducer>(*this, faults_);
}

absl::StatusOr<std::unique_ptr<bus::Consumer>> MemoryBus::NewConsumer(std::string_view group) {
  return std::make_unique<MemoryConsumer>(*this, faults_, group);
}

absl::StatusOr<std::optional<std::int64_t>> MemoryBus::Committed(std::string_view group,
                                                                 const bus::TopicPartition& partition) {
  absl::MutexLock lock(&mutex_);
  const auto found = committed_.find({std::string(group), partition});
  return found == committed_.end() ? std::nullopt : std::optional(found->second);
}

absl::StatusOr<bool> MemoryBus::IsBackedUp(std::string_view topic, std::string_view group) {
  absl::MutexLock lock(&mutex_);
  const Topic* found = Find(topic);
  if (found == nullptr) {
    return NoTopic(topic);
  }
  std::int64_t unread = 0;
  for (std::int32_t i = 0; i < found->spec.partitions; ++i) {
    const auto committed = committed_.find({std::string(group), {std::string(topic), i}});
    if (committed != committed_.end()) {
      const auto& records = found->partitions[static_cast<std::size_t>(i)].records;
      for (auto it = records.lower_bound(committed->second); it != records.end(); ++it) {
        unread += static_cast<std::int64_t>(bus::SizeBytes(it->second));
      }
    }
  }
  return found->spec.max_unread_bytes > 0 && unread >= found->spec.max_unread_bytes / 2;
}

absl::Time MemoryBus::LastHeard() {
  absl::MutexLock lock(&mutex_);
  return last_heard_.value_or(clock_.Now());
}

void MemoryBus::SetLastHeard(absl::Time when) {
  absl::MutexLock lock(&mutex_);
  last_heard_ = when;
}

void MemoryBus::OnAppend(std::function<void(const bus::Record&)> told) {
  absl::MutexLock lock(&mutex_);
  on_append_ = std::move(told);
}

struct MemoryBus::SavedTopic {
  Topic topic;
  std::map<std::pair<std::string, bus::TopicPartition>, std::int64_t> committed;
};

std::shared_ptr<const MemoryBus::SavedTopic> MemoryBus::Save(std::string_view topic) const {
  absl::MutexLock lock(&mutex_);
  const Topic* found = Find(topic);
  KAWAT_CHECK(found != nullptr, "no such topic");
  return std::make_shared<const SavedTopic>(SavedTopic{.topic = *found, .committed = committed_});
}

void MemoryBus::Restore(const SavedTopic& saved) {
  absl::MutexLock lock(&mutex_);
  topics_[saved.topic.spec.name] = saved.topic;
  committed_ = saved.committed;
}

void MemoryBus::TakeAway(const bus::TopicPartition& partition) {
  absl::MutexLock lock(&mutex_);
  taken_away_.insert(partition);
}

void MemoryBus::GiveBack(const bus::TopicPartition& partition) {
  absl::MutexLock lock(&mutex_);
  taken_away_.erase(partition);
}

int MemoryBus::Join(const std::string& group) {
  absl::MutexLock lock(&mutex_);
  members_[group].push_back(++last_member_);
  return last_member_;
}

void MemoryBus::Leave(const std::string& group, int member) {
  absl::MutexLock lock(&mutex_);
  std::erase(members_[group], member);
}

bool MemoryBus::IsOf(const std::string& group, int member, const bus::TopicPartition& partition) const {
  absl::MutexLock lock(&mutex_);
  const std::vector<int>& members = members_.at(group);
  return !taken_away_.contains(partition) && !members.empty() &&
         members[static_cast<std::size_t>(partition.partition) % members.size()] == member;
}

std::int64_t MemoryBus::AppendLocked(bus::Record record) {
  const auto found = topics_.find(record.topic);
  KAWAT_CHECK(found != topics_.end(), "append to a topic that was not made");
  Topic& topic = found->second;
  if (record.partition == bus::kByKey) {
    const std::string& key = record.partition_key.empty() ? record.key : record.partition_key;
    record.partition = bus::PartitionOf(key, topic.spec.partitions);
  }
  Partition& partition = topic.partitions.at(static_cast<std::size_t>(record.partition));
  const std::int64_t offset = partition.end++;
  if (topic.spec.compacted) {
    if (const auto older = partition.newest.find(record.key); older != partition.newest.end()) {
      partition.records.erase(older->second);
    }
    partition.newest[record.key] = offset;
  }
  partition.last_append_time = std::max(partition.last_append_time, FloorToMillis(clock_.Now()));
  record.partition_key.clear();
  record.offset = offset;
  record.append_time = partition.last_append_time;
  if (on_append_) {
    on_append_(record);
  }
  partition.records.emplace(offset, std::move(record));
  ++changes_;
  changed_.SignalAll();
  return offset;
}

std::int64_t MemoryBus::Append(bus::Record record) {
  absl::MutexLock lock(&mutex_);
  return AppendLocked(std::move(record));
}

void MemoryBus::AppendAll(std::vector<bus::Record> records) {
  absl::MutexLock lock(&mutex_);
  for (bus::Record& record : records) {
    AppendLocked(std::move(record));
  }
}

std::vector<bus::Record> MemoryBus::Records(std::string_view topic) const {
  absl::MutexLock lock(&mutex_);
  std::vector<bus::Record> all;
  if (const Topic* found = Find(topic); found != nullptr) {
    for (const Partition& partition : found->partitions) {
      for (const auto& [offset, record] : partition.records) {
        all.push_back(record);
      }
    }
  }
  return all;
}

std::map<std::string, bus::Record> MemoryBus::NewestByKey(std::string_view topic) const {
  std::map<std::string, bus::Record> newest;
  for (bus::Record& record : Records(topic)) {
    std::string key = record.key;
    newest.insert_or_assign(std::move(key), std::move(record));
  }
  return newest;
}

void MemoryBus::TrimTo(const bus::TopicPartition& partition, std::int64_t start) {
  absl::MutexLock lock(&mutex_);
  Partition& found = topics_.at(partition.topic).partitions.at(static_cast<std::size_t>(partition.partition));
  KAWAT_CHECK(start <= found.end, "trimming beyond the log's end");
  found.start = std::max(found.start, start);
  found.records.erase(found.records.begin(), found.records.lower_bound(start));
  std::erase_if(found.newest, [start](const auto& entry) { return entry.second < start; });
}

void MemoryBus::Recreate(std::string_view topic) {
  absl::MutexLock lock(&mutex_);
  const auto found = topics_.find(topic);
  KAWAT_CHECK(found != topics_.end(), "no such topic");
  found->second.partitions.assign(static_cast<std::size_t>(found->second.spec.partitions), Partition());
  std::erase_if(committed_, [topic](const auto& entry) { return entry.first.second.topic == topic; });
}

absl::Status MemoryBus::CheckSend(std::span<const bus::Record> records) const {
  absl::MutexLock lock(&mutex_);
  for (const bus::Record& record : records) {
    const Topic* topic = Find(record.topic);
    if (topic == nullptr || record.partition >= topic->spec.partitions) {
      return NoTopic(absl::StrCat(record.topic, "/", record.partition));
    }
    if (static_cast<std::int64_t>(bus::SizeBytes(record)) > topic->spec.max_record_bytes) {
      return absl::InvalidArgumentError(absl::StrCat("a record of ", bus::SizeBytes(record), " bytes for ",
                                                     record.topic, ", whose limit is ", topic->spec.max_record_bytes));
    }
  }
  return absl::OkStatus();
}

absl::Status MemoryBus::Read(bus::Position& next, const bus::PollLimits& limits, std::size_t& bytes,
                             std::vector<bus::Record>& out) const {
  absl::MutexLock lock(&mutex_);
  KAWAT_ASSIGN_OR_RETURN(const Partition* partition, FindPartition({next.topic, next.partition}));
  if (next.offset < partition->start || next.offset > partition->end) {
    return absl::OutOfRangeError(absl::StrCat(next.topic, "/", next.partition, " holds the offsets ", partition->start,
                                              " to ", partition->end, ", not ", next.offset));
  }
  for (auto it = partition->records.lower_bound(next.offset); it != partition->records.end(); ++it) {
    const std::size_t size = bus::SizeBytes(it->second);
    if (!out.empty() && (out.size() >= limits.max_records || bytes + size > limits.max_bytes)) {
      return absl::OkStatus();
    }
    bytes += size;
    out.push_back(it->second);
    next.offset = it->first + 1;
  }
  next.offset = partition->end;
  return absl::OkStatus();
}

absl::StatusOr<bus::OffsetRange> MemoryBus::Range(const bus::TopicPartition& partition) const {
  absl::MutexLock lock(&mutex_);
  KAWAT_ASSIGN_OR_RETURN(const Partition* found, FindPartition(partition));
  return bus::OffsetRange{found->start, found->end};
}

std::optional<bus::Record> MemoryBus::ReadAt(const bus::TopicPartition& partition, std::int64_t offset) const {
  absl::MutexLock lock(&mutex_);
  const auto found = FindPartition(partition);
  if (!found.ok()) {
    return std::nullopt;
  }
  const auto record = (*found)->records.find(offset);
  return record == (*found)->records.end() ? std::nullopt : std::optional(record->second);
}

void MemoryBus::Commit(const std::string& group, std::span<const bus::Position> positions) {
  absl::MutexLock lock(&mutex_);
  for (const bus::Position& position : positions) {
    committed_[{group, {position.topic, position.partition}}] = position.offset;
  }
}

void MemoryBus::WaitForMore(std::int64_t& seen, absl::Duration patience) {
  absl::MutexLock lock(&mutex_);
  const absl::Time deadline = absl::Now() + patience;
  while (seen == changes_ && !changed_.WaitWithDeadline(&mutex_, deadline)) {
  }
  seen = changes_;
}

void MemoryBus::Wake() {
  absl::MutexLock lock(&mutex_);
  ++changes_;
  changed_.SignalAll();
}

}  // namespace kawat::support
