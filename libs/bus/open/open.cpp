#include "bus/open/open.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "bus/embedded/embedded_bus.h"
#include "bus/kafka/kafka.h"
#include "bus/topics.h"

namespace kawat::bus {
namespace {

constexpr std::int32_t kKafkaPartitions = 16;
constexpr int kMostPartitions = 1024;
constexpr int kMostReplicas = 32;

absl::Status CheckTopics(Bus& bus, const std::vector<TopicSpec>& topics) {
  std::vector<std::string> missing;
  for (const TopicSpec& topic : topics) {
    const absl::Status status = bus.PartitionCount(topic.name).status();
    if (absl::IsNotFound(status)) {
      missing.push_back(topic.name);
      continue;
    }
    KAWAT_RETURN_IF_ERROR(status);
  }
  if (missing.empty()) {
    return absl::OkStatus();
  }
  return absl::NotFoundError(
      absl::StrCat("Kafka lacks the topics ", absl::StrJoin(missing, ", "), "; `kawat topics apply` makes them"));
}

}  // namespace

absl::StatusOr<BusConfig> ParseBusConfig(const base::Toml& toml) {
  base::Section section = toml.At("bus");
  BusConfig config;
  section.Read("kafka", config.kafka);
  int partitions = config.kafka.empty() ? config.partitions : kKafkaPartitions;
  section.Read("partitions", partitions, {.min = 1, .max = kMostPartitions});
  section.Read("replication", config.replication, {.min = 0, .max = kMostReplicas});
  KAWAT_RETURN_IF_ERROR(section.Finish());
  config.partitions = partitions;
  return config;
}

absl::StatusOr<std::unique_ptr<Bus>> Open(const BusConfig& config, const std::filesystem::path& data_folder,
                                          base::Clock& clock, const base::Shutdown& shutdown) {
  if (config.kafka.empty()) {
    KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<Bus> bus, OpenEmbedded(data_folder / "log", clock));
    KAWAT_RETURN_IF_ERROR(bus->CreateMissingTopics(Topics(config.partitions, 1)).status());
    return bus;
  }
  KafkaOptions options;
  options.brokers = config.kafka;
  KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<Bus> bus, OpenKafka(std::move(options), shutdown));
  const std::vector<TopicSpec> topics = Topics(config.partitions, config.replication);
  if (config.make_topics) {
    KAWAT_RETURN_IF_ERROR(bus->CreateMissingTopics(topics).status());
  } else {
    KAWAT_RETURN_IF_ERROR(CheckTopics(*bus, topics));
  }
  return bus;
}

}  // namespace kawat::bus
