// The bus that the configuration asks for: a Kafka cluster, or the log in the data folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/shutdown.h"
#include "bus/bus.h"
#include "bus/kafka/kafka.h"
#include "bus/topics.h"

namespace kawat::bus {

// The table [bus].
struct BusConfig {
  std::string kafka;            // "host:port,..."; empty: embedded
  std::int32_t partitions = 0;  // of topics that are made; 0: embedded 4, Kafka 16
  int replication = 0;          // of topics that are made on Kafka; 0: one on each broker, at most 3

  KafkaSecurity security;  // tls, ca_file, ...: keys of [bus] as well

  // Not in the file: whether this program makes Kafka's topics that are missing (`kawat up`, `kawat topics apply`). The
  // embedded log's are always made.
  bool make_topics = false;
};

absl::StatusOr<BusConfig> ParseBusConfig(const base::Toml& toml);  // InvalidArgument

// How many partitions a topic gets that is made.
std::int32_t PartitionsToMake(const BusConfig& config);

KafkaOptions KafkaOptionsOf(const BusConfig& config);

// Whether Kafka has all of `topics`, and would keep what is in them: partitions, retention, compaction, sizes, times
// and acknowledgements (topic_check.h). A cluster that does not tell settings is taken at its word, with a line in the
// log.
//   NotFound            some are missing; names them
//   FailedPrecondition  one would lose data; names topic and setting, and says what to do
absl::Status CheckTopics(KafkaBus& bus, std::span<const TopicSpec> topics);

// Opens it; all of kawat's topics are there then. The embedded log lies in `data_folder`/log and takes its append times
// from `clock`, which must outlive the bus. Waits for a Kafka broker that is away, saying so, until `shutdown` is
// requested (Cancelled).
//   NotFound            Kafka lacks topics, and make_topics is not set; names them
//   FailedPrecondition  the folder cannot be written, or another process has it; a topic of Kafka's would lose data
//   PermissionDenied    Kafka's ACLs; names the topic and the right
//   ResourceExhausted   the disk is full
absl::StatusOr<std::unique_ptr<Bus>> Open(const BusConfig& config, const std::filesystem::path& data_folder,
                                          base::Clock& clock, const base::Shutdown& shutdown);

}  // namespace kawat::bus
