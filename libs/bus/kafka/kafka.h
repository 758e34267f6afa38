// The bus on a Kafka cluster, by librdkafka 2.0.2.
//
// Records lie in Kafka as anyone's would: key, value (null: a tombstone), the origin in the header "kawat-origin",
// LogAppendTime. A broker that is away is waited for: librdkafka reconnects for ever, and it is said once that it is
// away and once that it is back.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "base/shutdown.h"
#include "bus/bus.h"

namespace kawat::bus {

struct KafkaOptions {
  std::string brokers;  // "host:port,..."; some of the cluster's, the others are learnt
  // Further settings of topics that CreateMissingTopics makes, by Kafka's names ("segment.ms").
  std::map<std::string, std::string> topic_settings;
};

// Whether `brokers` is written as it must be; librdkafka takes anything and then waits for ever. InvalidArgument.
absl::Status CheckKafkaBrokers(const std::string& brokers);

// Waits for a broker, however long, saying every ten seconds that it does.
// Cancelled: `shutdown` was requested meanwhile; it is not used afterwards. InvalidArgument: `brokers` or a setting is
// wrong.
absl::StatusOr<std::unique_ptr<Bus>> OpenKafka(KafkaOptions options, const base::Shutdown& shutdown);

}  // namespace kawat::bus
