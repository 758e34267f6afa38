// The bus on a Kafka cluster, by librdkafka (docs/adr/0010-librdkafka.md).
//
// Records lie in Kafka as anyone's would: key, value (null: a tombstone), the origin in the header "kawat-origin",
// LogAppendTime. A broker that is away is waited for: librdkafka reconnects for ever, and it is said once that it is
// away and once that it is back.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "base/shutdown.h"
#include "bus/bus.h"
#include "bus/topic_check.h"

namespace kawat::bus {

// How to come in. Files, as Kubernetes mounts secrets: Strimzi's ca.crt, user.crt, user.key and password as they come.
struct KafkaSecurity {
  bool tls = false;
  std::string ca_file;           // PEM; empty: the system's authorities
  std::string certificate_file;  // PEM, with key_file: this client's own
  std::string key_file;
  std::string sasl_mechanism;  // "", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"
  std::string username;
  std::string password_file;  // a line break at its end does not count
};

struct KafkaOptions {
  std::string brokers;  // "host:port,..."; some of the cluster's, the others are learnt
  KafkaSecurity security;
  // Further settings of topics that CreateMissingTopics makes, by Kafka's names ("segment.ms").
  std::map<std::string, std::string> topic_settings;
};

// Whether `brokers` is written as it must be; librdkafka takes anything and then waits for ever. InvalidArgument.
absl::Status CheckKafkaBrokers(const std::string& brokers);

// The topics of a cluster, as they are.
struct KafkaTopics {
  int brokers = 0;
  std::map<std::string, TopicState> topics;  // those that are missing have no partitions
  std::string forbidden;                     // why settings are not known, if the cluster does not tell them
};

// What only a bus on Kafka has.
class KafkaBus : public Bus {
 public:
  // Partitions, replication and settings. Unavailable; PermissionDenied: this user may not see a topic.
  virtual absl::StatusOr<KafkaTopics> DescribeTopics(std::span<const std::string> topics) = 0;

  // Sets `settings`, by Kafka's names, all or none, and leaves what else is set on the topic.
  virtual absl::Status ChangeTopic(const std::string& topic, const std::map<std::string, std::string>& settings) = 0;
};

// Waits for a broker, at most `patience`, saying every ten seconds that it does.
// Cancelled: `shutdown` was requested meanwhile; it is not used afterwards. Unavailable: `patience` is over.
// InvalidArgument: `brokers`, a setting or a file of `security` is wrong.
absl::StatusOr<std::unique_ptr<KafkaBus>> OpenKafka(KafkaOptions options, const base::Shutdown& shutdown,
                                                    absl::Duration patience = absl::InfiniteDuration());

}  // namespace kawat::bus
