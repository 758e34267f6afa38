#include "bus/kafka/admin.h"

#include <algorithm>
#include <array>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/clock.h"
#include "base/status.h"
#include "bus/topic_check.h"

namespace kawat::bus::kafka {
namespace {

constexpr absl::Duration kCreatePatience = absl::Seconds(30);

using NewTopic = Owned<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;

struct Cluster {
  int brokers = 0;
  std::set<std::string> topics;
};

absl::StatusOr<Cluster> Ask(Connection& connection) {
  const rd_kafka_metadata_t* answer = nullptr;
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(connection.handle(), 1, nullptr, &answer, Millis(kRequestPatience));
  const Metadata metadata(answer);
  KAWAT_RETURN_IF_ERROR(ToStatus(error, "asking for topics"));
  Cluster cluster{.brokers = metadata->broker_cnt};
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    cluster.topics.insert(metadata->topics[i].topic);
  }
  return cluster;
}

absl::StatusOr<NewTopic> Describe(const TopicSpec& spec, const std::map<std::string, std::string>& extra) {
  std::array<char, 512> why{};
  NewTopic topic(rd_kafka_NewTopic_new(spec.name.c_str(), spec.partitions, spec.replication, why.data(), why.size()));
  if (topic == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("kafka: topic ", spec.name, ": ", why.data()));
  }
  std::map<std::string, std::string> settings = extra;
  settings.merge(TopicSettings(spec));
  for (const auto& [name, value] : settings) {
    KAWAT_RETURN_IF_ERROR(ToStatus(rd_kafka_NewTopic_set_config(topic.get(), name.c_str(), value.c_str()),
                                   absl::StrCat("setting ", name)));
  }
  return topic;
}

// Makes them and returns the names of those that did not exist.
absl::StatusOr<std::vector<std::string>> Create(Connection& connection, const std::vector<NewTopic>& topics) {
  std::vector<rd_kafka_NewTopic_t*> raw;
  raw.reserve(topics.size());
  for (const NewTopic& topic : topics) {
    raw.push_back(topic.get());
  }
  const AdminOptions options(rd_kafka_AdminOptions_new(connection.handle(), RD_KAFKA_ADMIN_OP_CREATETOPICS));
  rd_kafka_AdminOptions_set_request_timeout(options.get(), Millis(kCreatePatience), nullptr, 0);
  rd_kafka_AdminOptions_set_operation_timeout(options.get(), Millis(kCreatePatience), nullptr, 0);
  const Queue queue(rd_kafka_queue_new(connection.handle()));
  rd_kafka_CreateTopics(connection.handle(), raw.data(), raw.size(), options.get(), queue.get());
  const Event event(rd_kafka_queue_poll(queue.get(), Millis(kCreatePatience + absl::Seconds(1))));
  if (event == nullptr) {
    return absl::UnavailableError("kafka: making topics: no answer");
  }
  KAWAT_RETURN_IF_ERROR(ToStatus(rd_kafka_event_error(event.get()), "making topics"));
  std::size_t count = 0;
  const rd_kafka_topic_result_t** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  std::vector<std::string> made;
  for (std::size_t i = 0; i < count; ++i) {
    const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(results[i]);
    const char* name = rd_kafka_topic_result_name(results[i]);
    if (error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
      continue;  // another process was faster
    }
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      const char* why = rd_kafka_topic_result_error_string(results[i]);
      return ToStatus(error, absl::StrCat("making topic ", name, why == nullptr ? "" : absl::StrCat(" (", why, ")")),
                      absl::StrCat("Create on topic ", name));
    }
    made.emplace_back(name);
  }
  return made;
}

// A topic that was made is not known to every broker at once.
absl::Status WaitUntilKnown(Catalog& catalog, std::span<const TopicSpec> topics) {
  const absl::Time deadline = base::UnsetClock().Now() + kCreatePatience;
  for (const TopicSpec& topic : topics) {
    absl::Status status = catalog.PartitionCount(topic.name).status();
    while (absl::IsNotFound(status) && base::UnsetClock().Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(20));
      status = catalog.PartitionCount(topic.name).status();
    }
    KAWAT_RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<std::string>> CreateMissingTopics(Connection& connection, Catalog& catalog,
                                                             std::span<const TopicSpec> topics,
                                                             const std::map<std::string, std::string>& extra) {
  catalog.Learn(topics);
  KAWAT_ASSIGN_OR_RETURN(const Cluster cluster, Ask(connection));
  std::vector<NewTopic> missing;
  for (TopicSpec topic : topics) {
    if (!cluster.topics.contains(topic.name)) {
      topic.replication =
          topic.replication > 0 ? topic.replication : std::min(DefaultsOfTopics().replication, cluster.brokers);
      KAWAT_ASSIGN_OR_RETURN(NewTopic description, Describe(topic, extra));
      missing.push_back(std::move(description));
    }
  }
  std::vector<std::string> made;
  if (!missing.empty()) {
    KAWAT_ASSIGN_OR_RETURN(made, Create(connection, missing));
  }
  KAWAT_RETURN_IF_ERROR(WaitUntilKnown(catalog, topics));
  return made;
}

}  // namespace kawat::bus::kafka
