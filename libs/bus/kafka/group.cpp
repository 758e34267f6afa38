#include "bus/kafka/group.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace kawat::bus::kafka {
namespace {

using ListOffsets = Owned<rd_kafka_ListConsumerGroupOffsets_t, rd_kafka_ListConsumerGroupOffsets_destroy>;

PartitionList ListOf(std::span<const TopicPartition> partitions) {
  PartitionList list = NewPartitionList(static_cast<int>(partitions.size()));
  for (const TopicPartition& partition : partitions) {
    rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition);
  }
  return list;
}

// The group goes on without this member, or in a generation that it has not joined yet.
bool IsNoLongerMine(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION || error == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID ||
         error == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS || error == RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST;
}

absl::Status CommitStatus(rd_kafka_resp_err_t error) {
  if (error == RD_KAFKA_RESP_ERR__NO_OFFSET || IsNoLongerMine(error)) {
    return absl::OkStatus();
  }
  return ToStatus(error, "committing offsets", "Read on the group, and on the topic");
}

}  // namespace

absl::StatusOr<std::map<TopicPartition, std::int64_t>> CommittedOffsets(Connection& connection, std::string_view group,
                                                                        std::span<const TopicPartition> partitions) {
  rd_kafka_t* const handle = connection.handle();
  const PartitionList list = ListOf(partitions);
  const ListOffsets question(rd_kafka_ListConsumerGroupOffsets_new(std::string(group).c_str(), list.get()));
  const AdminOptions options(rd_kafka_AdminOptions_new(handle, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS));
  rd_kafka_AdminOptions_set_request_timeout(options.get(), Millis(kRequestPatience), nullptr, 0);
  const Queue queue(rd_kafka_queue_new(handle));
  rd_kafka_ListConsumerGroupOffsets_t* questions[] = {question.get()};
  rd_kafka_ListConsumerGroupOffsets(handle, questions, 1, options.get(), queue.get());
  const Event event(rd_kafka_queue_poll(queue.get(), Millis(kRequestPatience + absl::Seconds(1))));
  const std::string context = absl::StrCat("asking for the offsets of group ", std::string(group));
  const std::string needs = absl::StrCat("Describe on group ", std::string(group));
  if (event == nullptr) {
    return absl::UnavailableError(absl::StrCat("kafka: ", context, ": no answer"));
  }
  KAWAT_RETURN_IF_ERROR(ToStatus(rd_kafka_event_error(event.get()), context, needs));
  std::size_t count = 0;
  const rd_kafka_group_result_t** groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
      rd_kafka_event_ListConsumerGroupOffsets_result(event.get()), &count);
  std::map<TopicPartition, std::int64_t> committed;
  for (std::size_t i = 0; i < count; ++i) {
    if (const rd_kafka_error_t* error = rd_kafka_group_result_error(groups[i]); error != nullptr) {
      return ToStatus(rd_kafka_error_code(error), context, needs);
    }
    const rd_kafka_topic_partition_list_t* answers = rd_kafka_group_result_partitions(groups[i]);
    for (int j = 0; answers != nullptr && j < answers->cnt; ++j) {
      const rd_kafka_topic_partition_t& answer = answers->elems[j];
      KAWAT_RETURN_IF_ERROR(ToStatus(answer.err, context, absl::StrCat("Describe on topic ", answer.topic)));
      if (answer.offset >= 0) {
        committed[{answer.topic, answer.partition}] = answer.offset;
      }
    }
  }
  return committed;
}

absl::StatusOr<bool> HasUnreadBefore(Connection& connection, Catalog& catalog, std::string_view topic,
                                     std::string_view group, absl::Time before) {
  KAWAT_ASSIGN_OR_RETURN(const std::int32_t count, catalog.PartitionCount(topic));
  std::vector<TopicPartition> partitions;
  partitions.reserve(static_cast<std::size_t>(count));
  for (std::int32_t i = 0; i < count; ++i) {
    partitions.push_back({std::string(topic), i});
  }
  const PartitionList list = ListOf(partitions);
  for (int i = 0; i < list->cnt; ++i) {
    list->elems[i].offset = absl::ToUnixMillis(before);
  }
  const std::string context = absl::StrCat("asking for offsets of ", std::string(topic), " by time");
  KAWAT_RETURN_IF_ERROR(
      ToStatus(rd_kafka_offsets_for_times(connection.handle(), list.get(), Millis(kRequestPatience)), context));
  KAWAT_ASSIGN_OR_RETURN(const auto committed, CommittedOffsets(connection, group, partitions));
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& newer = list->elems[i];  // the first record that is not before `before`
    KAWAT_RETURN_IF_ERROR(ToStatus(newer.err, context, absl::StrCat("Describe on topic ", newer.topic)));
    const TopicPartition partition{newer.topic, newer.partition};
    KAWAT_ASSIGN_OR_RETURN(const OffsetRange range, catalog.Range(partition));
    const auto found = committed.find(partition);
    const std::int64_t next = std::max(range.start, found == committed.end() ? range.start : found->second);
    if (next < (newer.offset < 0 ? range.end : newer.offset)) {
      return true;
    }
  }
  return false;
}

absl::Status CommitAndWait(rd_kafka_t* member, const rd_kafka_topic_partition_list_t& offsets) {
  const Queue queue(rd_kafka_queue_new(member));
  KAWAT_RETURN_IF_ERROR(
      ToStatus(rd_kafka_commit_queue(member, &offsets, queue.get(), nullptr, nullptr), "committing offsets"));
  const Event event(rd_kafka_queue_poll(queue.get(), Millis(kRequestPatience)));
  if (event == nullptr) {
    return absl::UnavailableError("kafka: committing offsets: no answer");
  }
  KAWAT_RETURN_IF_ERROR(CommitStatus(rd_kafka_event_error(event.get())));
  const rd_kafka_topic_partition_list_t* answers = rd_kafka_event_topic_partition_list(event.get());
  for (int i = 0; answers != nullptr && i < answers->cnt; ++i) {
    KAWAT_RETURN_IF_ERROR(CommitStatus(answers->elems[i].err));
  }
  return absl::OkStatus();
}

}  // namespace kawat::bus::kafka
