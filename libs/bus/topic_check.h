// What topics of a Kafka cluster are like, against what kawat needs of them. Knows Kafka's names of settings, but not
// Kafka: what was found comes from bus/kafka.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bus/topics.h"

namespace kawat::bus {

struct TopicSetting {
  std::string value;
  bool set_on_topic = false;  // by whoever made or changed the topic; else a default of the cluster's
};

// A topic as the cluster has it.
struct TopicState {
  std::int32_t partitions = 0;                   // 0: there is no such topic
  int replication = 0;                           // of the partition that has fewest replicas
  std::map<std::string, TopicSetting> settings;  // by Kafka's names; those that are not here are not compared
};

struct TopicDifference {
  enum class Kind {
    kMissing,   // no such topic: `kawat topics apply` makes it
    kMendable,  // `kawat topics apply` sets it
    kByHand,    // wrong, and nothing that kawat does mends it: `why` says what does
    kAccepted,  // otherwise than kawat would make it, but not worse: it is left
  };

  std::string topic;
  std::string setting;  // Kafka's name, or "partitions", "replication", "topic"
  std::string is;
  std::string should;
  Kind kind = Kind::kMendable;
  bool loses_data = false;  // sooner or later records are lost: services do not start
  std::string why;          // what it leads to, or why it is left
};

// The settings that Kafka needs to keep a topic as `spec` says; spec.replication must be known.
std::map<std::string, std::string> TopicSettings(const TopicSpec& spec);

// All that differs, topic by topic. `specs` with their replication known; `states` by name.
std::vector<TopicDifference> CompareTopics(std::span<const TopicSpec> specs,
                                           const std::map<std::string, TopicState>& states);

// "retention.ms is 1000 and should be 604800000", and why.
std::string Describe(const TopicDifference& difference);

// FailedPrecondition if one of them loses data; names topic, setting, what it is and should be, and what to do.
absl::Status CheckLosesNothing(std::span<const TopicDifference> differences);

}  // namespace kawat::bus
