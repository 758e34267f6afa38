#include "bus/open/open.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "bus/embedded/embedded_bus.h"
#include "bus/kafka/kafka.h"

namespace kawat::bus {
namespace {

constexpr std::int32_t kEmbeddedPartitions = 4;
constexpr std::int32_t kKafkaPartitions = 16;
constexpr int kMostPartitions = 1024;
constexpr int kMostReplicas = 32;

bool MustHaveOnePartition(std::string_view topic) {
  return std::find(kWithOnePartition.begin(), kWithOnePartition.end(), topic) != kWithOnePartition.end();
}

}  // namespace

std::int32_t PartitionsToMake(const BusConfig& config) {
  if (config.partitions > 0) {
    return config.partitions;
  }
  return config.kafka.empty() ? kEmbeddedPartitions : kKafkaPartitions;
}

absl::Status CheckTopics(Bus& bus, std::span<const TopicSpec> topics) {
  std::vector<std::string> missing;
  for (const TopicSpec& topic : topics) {
    const absl::StatusOr<std::int32_t> count = bus.PartitionCount(topic.name);
    if (absl::IsNotFound(count.status())) {
      missing.push_back(topic.name);
      continue;
    }
    KAWAT_RETURN_IF_ERROR(count.status());
    if (MustHaveOnePartition(topic.name) && *count != 1) {
      return absl::FailedPreconditionError(
          absl::StrCat("Kafka's topic ", topic.name, " has ", *count,
                       " partitions and must have one: what lies in the others would never be read. Delete the topic, "
                       "and `kawat topics apply` makes it anew"));
    }
  }
  if (missing.empty()) {
    return absl::OkStatus();
  }
  return absl::NotFoundError(
      absl::StrCat("Kafka lacks the topics ", absl::StrJoin(missing, ", "), "; `kawat topics apply` makes them"));
}

absl::StatusOr<BusConfig> ParseBusConfig(const base::Toml& toml) {
  base::Section section = toml.At("bus");
  BusConfig config;
  section.Read("kafka", config.kafka);
  section.Read("partitions", config.partitions, {.min = 1, .max = kMostPartitions});
  section.Read("replication", config.replication, {.min = 0, .max = kMostReplicas});
  KAWAT_RETURN_IF_ERROR(section.Finish());
  if (!config.kafka.empty()) {
    if (const absl::Status status = CheckKafkaBrokers(config.kafka); !status.ok()) {
      return section.Wrong("kafka", absl::StrCat("is wrong: ", std::string(status.message())));
    }
  }
  return config;
}

absl::StatusOr<std::unique_ptr<Bus>> Open(const BusConfig& config, const std::filesystem::path& data_folder,
                                          base::Clock& clock, const base::Shutdown& shutdown) {
  if (config.kafka.empty()) {
    KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<Bus> bus, OpenEmbedded(data_folder / "log", clock));
    KAWAT_RETURN_IF_ERROR(bus->CreateMissingTopics(Topics(PartitionsToMake(config), 1)).status());
    return bus;
  }
  KafkaOptions options;
  options.brokers = config.kafka;
  KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<Bus> bus, OpenKafka(std::move(options), shutdown));
  const std::vector<TopicSpec> topics = Topics(PartitionsToMake(config), config.replication);
  if (config.make_topics) {
    KAWAT_RETURN_IF_ERROR(bus->CreateMissingTopics(topics).status());
  }
  KAWAT_RETURN_IF_ERROR(CheckTopics(*bus, topics));
  return bus;
}

}  // namespace kawat::bus
