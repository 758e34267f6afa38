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
#include "bus/topics.h"

namespace kawat::bus {

// The table [bus].
struct BusConfig {
  std::string kafka;            // "host:port,..."; empty: embedded
  std::int32_t partitions = 0;  // of topics that are made; 0: embedded 4, Kafka 16
  int replication = 0;          // of topics that are made on Kafka; 0: one on each broker, at most 3

  // Not in the file: whether this program makes Kafka's topics that are missing (`kawat up`, `kawat topics apply`). The
  // embedded log's are always made.
  bool make_topics = false;
};

absl::StatusOr<BusConfig> ParseBusConfig(const base::Toml& toml);  // InvalidArgument

// How many partitions a topic gets that is made.
std::int32_t PartitionsToMake(const BusConfig& config);

// Whether Kafka has all of `topics`, and those that must have one partition have one.
//   NotFound            some are missing; names them
//   FailedPrecondition  one has more partitions than its reader reads; says what to do
absl::Status CheckTopics(Bus& bus, std::span<const TopicSpec> topics);

// Opens it; all of kawat's topics are there then. The embedded log lies in `data_folder`/log and takes its append times
// from `clock`, which must outlive the bus. Waits for a Kafka broker that is away, saying so, until `shutdown` is
// requested (Cancelled).
//   NotFound            Kafka lacks topics, and make_topics is not set; names them
//   FailedPrecondition  the folder cannot be written, or another process has it; a topic of Kafka's has more partitions
//                       than are read
//   ResourceExhausted   the disk is full
absl::StatusOr<std::unique_ptr<Bus>> Open(const BusConfig& config, const std::filesystem::path& data_folder,
                                          base::Clock& clock, const base::Shutdown& shutdown);

}  // namespace kawat::bus
