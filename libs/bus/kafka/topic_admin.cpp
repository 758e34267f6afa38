#include "bus/kafka/topic_admin.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace kawat::bus::kafka {
namespace {

using Error = Owned<rd_kafka_error_t, rd_kafka_error_destroy>;
using Resource = Owned<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;
using Ask = void (*)(rd_kafka_t*, rd_kafka_ConfigResource_t**, std::size_t, const rd_kafka_AdminOptions_t*,
                     rd_kafka_queue_t*);

Resource TopicResource(const std::string& name) {
  return Resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
}

absl::StatusOr<Event> Send(Connection& connection, const std::vector<Resource>& resources,
                           rd_kafka_admin_op_t operation, Ask ask, std::string_view context) {
  std::vector<rd_kafka_ConfigResource_t*> raw;
  raw.reserve(resources.size());
  for (const Resource& resource : resources) {
    raw.push_back(resource.get());
  }
  const AdminOptions options(rd_kafka_AdminOptions_new(connection.handle(), operation));
  rd_kafka_AdminOptions_set_request_timeout(options.get(), Millis(kRequestPatience), nullptr, 0);
  const Queue queue(rd_kafka_queue_new(connection.handle()));
  ask(connection.handle(), raw.data(), raw.size(), options.get(), queue.get());
  Event event(rd_kafka_queue_poll(queue.get(), Millis(kRequestPatience + absl::Seconds(1))));
  if (event == nullptr) {
    return absl::UnavailableError(absl::StrCat("kafka: ", std::string(context), ": no answer"));
  }
  KAWAT_RETURN_IF_ERROR(ToStatus(rd_kafka_event_error(event.get()), context));
  return event;
}

absl::Status StatusOf(const rd_kafka_ConfigResource_t* resource, std::string_view doing, std::string_view operation) {
  const rd_kafka_resp_err_t error = rd_kafka_ConfigResource_error(resource);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::OkStatus();
  }
  const char* name = rd_kafka_ConfigResource_name(resource);
  const char* why = rd_kafka_ConfigResource_error_string(resource);
  return ToStatus(error,
                  absl::StrCat(std::string(doing), " ", name, why == nullptr ? "" : absl::StrCat(" (", why, ")")),
                  absl::StrCat(std::string(operation), " on topic ", name));
}

std::map<std::string, TopicSetting> SettingsOf(const rd_kafka_ConfigResource_t* resource) {
  std::size_t count = 0;
  const rd_kafka_ConfigEntry_t** entries = rd_kafka_ConfigResource_configs(resource, &count);
  std::map<std::string, TopicSetting> settings;
  for (std::size_t i = 0; i < count; ++i) {
    const char* value = rd_kafka_ConfigEntry_value(entries[i]);
    if (value != nullptr) {
      settings[rd_kafka_ConfigEntry_name(entries[i])] = {
          .value = value,
          .set_on_topic = rd_kafka_ConfigEntry_source(entries[i]) == RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG};
    }
  }
  return settings;
}

// Partitions, replicas and brokers; no partitions: there is no such topic.
absl::Status AskForPartitions(Connection& connection, const std::string& name, KafkaTopics& found) {
  const TopicHandle handle(rd_kafka_topic_new(connection.handle(), name.c_str(), nullptr));
  if (handle == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("kafka: not a topic's name: ", name));
  }
  const rd_kafka_metadata_t* answer = nullptr;
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(connection.handle(), 0, handle.get(), &answer, Millis(kRequestPatience));
  const Metadata metadata(answer);
  const std::string context = absl::StrCat("asking for topic ", name);
  KAWAT_RETURN_IF_ERROR(ToStatus(error, context));
  found.brokers = metadata->broker_cnt;
  TopicState& state = found.topics[name];
  if (metadata->topic_cnt != 1 || metadata->topics[0].err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
    return absl::OkStatus();
  }
  const rd_kafka_metadata_topic_t& topic = metadata->topics[0];
  KAWAT_RETURN_IF_ERROR(ToStatus(topic.err, context, absl::StrCat("Describe on topic ", name)));
  state.partitions = topic.partition_cnt;
  for (int i = 0; i < topic.partition_cnt; ++i) {
    const int replicas = topic.partitions[i].replica_cnt;
    state.replication = i == 0 ? replicas : std::min(state.replication, replicas);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<KafkaTopics> DescribeTopics(Connection& connection, std::span<const std::string> topics) {
  constexpr char kDoing[] = "asking for the settings of";
  KafkaTopics found;
  std::vector<Resource> resources;
  for (const std::string& name : topics) {
    KAWAT_RETURN_IF_ERROR(AskForPartitions(connection, name, found));
    if (found.topics[name].partitions > 0) {
      resources.push_back(TopicResource(name));
    }
  }
  if (resources.empty()) {
    return found;
  }
  KAWAT_ASSIGN_OR_RETURN(const Event event, Send(connection, resources, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS,
                                                 rd_kafka_DescribeConfigs, absl::StrCat(kDoing, " topics")));
  std::size_t count = 0;
  const rd_kafka_ConfigResource_t** answers =
      rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event.get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const absl::Status status = StatusOf(answers[i], kDoing, "DescribeConfigs");
    if (absl::IsPermissionDenied(status)) {
      found.forbidden = std::string(status.message());
      continue;
    }
    KAWAT_RETURN_IF_ERROR(status);
    found.topics[rd_kafka_ConfigResource_name(answers[i])].settings = SettingsOf(answers[i]);
  }
  return found;
}

absl::Status ChangeTopic(Connection& connection, const std::string& topic,
                         const std::map<std::string, std::string>& settings) {
  std::vector<Resource> resources;
  resources.push_back(TopicResource(topic));
  for (const auto& [name, value] : settings) {
    const Error error(rd_kafka_ConfigResource_add_incremental_config(resources.front().get(), name.c_str(),
                                                                     RD_KAFKA_ALTER_CONFIG_OP_TYPE_SET, value.c_str()));
    KAWAT_RETURN_IF_ERROR(ToStatus(rd_kafka_error_code(error.get()), name));
  }
  KAWAT_ASSIGN_OR_RETURN(const Event event,
                         Send(connection, resources, RD_KAFKA_ADMIN_OP_INCREMENTALALTERCONFIGS,
                              rd_kafka_IncrementalAlterConfigs, absl::StrCat("changing topic ", topic)));
  std::size_t count = 0;
  const rd_kafka_ConfigResource_t** answers = rd_kafka_IncrementalAlterConfigs_result_resources(
      rd_kafka_event_IncrementalAlterConfigs_result(event.get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    KAWAT_RETURN_IF_ERROR(StatusOf(answers[i], "changing topic", "AlterConfigs"));
  }
  return absl::OkStatus();
}

}  // namespace kawat::bus::kafka
