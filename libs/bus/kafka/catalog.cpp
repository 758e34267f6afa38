#include "bus/kafka/catalog.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/clock.h"
#include "base/status.h"

namespace kawat::bus::kafka {
namespace {

constexpr absl::Duration kLeaderPause = absl::Milliseconds(50);

}  // namespace

Catalog::Catalog(Connection& connection) : connection_(connection) { Learn(Topics(1, 1)); }

absl::StatusOr<std::int32_t> Catalog::PartitionCount(std::string_view topic) {
  {
    absl::MutexLock lock(&mutex_);
    if (const auto found = partitions_.find(topic); found != partitions_.end()) {
      return found->second;
    }
  }
  const std::string name(topic);
  const TopicHandle handle(rd_kafka_topic_new(connection_.handle(), name.c_str(), nullptr));
  if (handle == nullptr) {
    return absl::NotFoundError(absl::StrCat("kafka: not a topic's name: ", name));
  }
  const rd_kafka_metadata_t* answer = nullptr;
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(connection_.handle(), 0, handle.get(), &answer, Millis(kRequestPatience));
  const Metadata metadata(answer);
  KAWAT_RETURN_IF_ERROR(ToStatus(error, absl::StrCat("asking for topic ", name)));
  if (metadata->topic_cnt != 1) {
    return absl::NotFoundError(absl::StrCat("no topic ", name));
  }
  if (metadata->topics[0].err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
    return absl::NotFoundError(absl::StrCat("no topic ", name));
  }
  KAWAT_RETURN_IF_ERROR(ToStatus(metadata->topics[0].err, absl::StrCat("asking for topic ", name),
                                 absl::StrCat("Describe on topic ", name)));
  const std::int32_t count = metadata->topics[0].partition_cnt;
  absl::MutexLock lock(&mutex_);
  partitions_[name] = count;
  return count;
}

absl::Status Catalog::CheckPartition(const TopicPartition& partition) {
  KAWAT_ASSIGN_OR_RETURN(const std::int32_t count, PartitionCount(partition.topic));
  if (partition.partition < 0 || partition.partition >= count) {
    return absl::NotFoundError(
        absl::StrCat("no partition ", partition.partition, " in ", partition.topic, ", which has ", count));
  }
  return absl::OkStatus();
}

std::int64_t Catalog::MaxRecordBytes(std::string_view topic) const {
  absl::MutexLock lock(&mutex_);
  const auto found = limits_.find(topic);
  return found == limits_.end() ? TopicSpec().max_record_bytes : found->second;
}

void Catalog::Learn(std::span<const TopicSpec> topics) {
  absl::MutexLock lock(&mutex_);
  for (const TopicSpec& topic : topics) {
    limits_[topic.name] = topic.max_record_bytes;
  }
}

absl::StatusOr<OffsetRange> Catalog::Range(const TopicPartition& partition) {
  KAWAT_RETURN_IF_ERROR(CheckPartition(partition));
  OffsetRange range;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  // A topic just made, or whose leader moves, has none for a moment.
  for (const absl::Time deadline = base::UnsetClock().Now() + kRequestPatience; base::UnsetClock().Now() < deadline;
       absl::SleepFor(kLeaderPause)) {
    error = rd_kafka_query_watermark_offsets(connection_.handle(), partition.topic.c_str(), partition.partition,
                                             &range.start, &range.end, Millis(deadline - base::UnsetClock().Now()));
    if (error != RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION && error != RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE) {
      break;
    }
  }
  KAWAT_RETURN_IF_ERROR(ToStatus(error,
                                 absl::StrCat("asking for the offsets of ", partition.topic, "/", partition.partition),
                                 absl::StrCat("Describe on topic ", partition.topic)));
  return range;
}

}  // namespace kawat::bus::kafka
