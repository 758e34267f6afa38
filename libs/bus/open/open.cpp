#include "bus/open/open.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "bus/embedded/embedded_bus.h"
#include "bus/topic_check.h"
#include "telemetry/log.h"

namespace kawat::bus {
namespace {

constexpr int kMostPartitions = 1024;
constexpr int kMostReplicas = 32;

constexpr std::array<const char*, 3> kMechanisms = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"};

// Files are looked at when the cluster is opened: a configuration may be checked elsewhere.
absl::Status CheckSecurity(const base::Section& section, const KafkaSecurity& security) {
  const bool sasl = !security.sasl_mechanism.empty();
  const std::pair<const char*, const std::string&> files[] = {
      {"ca_file", security.ca_file}, {"certificate_file", security.certificate_file}, {"key_file", security.key_file}};
  for (const auto& [key, file] : files) {
    if (!file.empty() && !security.tls) {
      return section.Wrong(key, "is of no use without tls = true");
    }
  }
  if (security.certificate_file.empty() != security.key_file.empty()) {
    return security.key_file.empty() ? section.Wrong("certificate_file", "needs key_file beside it")
                                     : section.Wrong("key_file", "needs certificate_file beside it");
  }
  if (sasl && std::find(kMechanisms.begin(), kMechanisms.end(), security.sasl_mechanism) == kMechanisms.end()) {
    return section.Wrong("sasl_mechanism", absl::StrCat("must be ", absl::StrJoin(kMechanisms, ", "), " or empty"));
  }
  const std::pair<const char*, const std::string&> words[] = {{"username", security.username},
                                                              {"password_file", security.password_file}};
  for (const auto& [key, word] : words) {
    if (word.empty() == sasl) {
      return section.Wrong(key, sasl ? "is missing: sasl_mechanism needs it" : "needs sasl_mechanism beside it");
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::int32_t PartitionsToMake(const BusConfig& config) {
  if (config.partitions > 0) {
    return config.partitions;
  }
  return config.kafka.empty() ? DefaultsOfTopics().embedded_partitions : DefaultsOfTopics().partitions;
}

KafkaOptions KafkaOptionsOf(const BusConfig& config) {
  KafkaOptions options;
  options.brokers = config.kafka;
  options.security = config.security;
  return options;
}

absl::Status CheckTopics(KafkaBus& bus, std::span<const TopicSpec> topics) {
  std::vector<std::string> names;
  for (const TopicSpec& topic : topics) {
    names.push_back(topic.name);
  }
  KAWAT_ASSIGN_OR_RETURN(const KafkaTopics found, bus.DescribeTopics(names));
  std::erase_if(names, [&](const std::string& name) { return found.topics.at(name).partitions > 0; });
  if (!names.empty()) {
    return absl::NotFoundError(
        absl::StrCat("Kafka lacks the topics ", absl::StrJoin(names, ", "), "; `kawat topics apply` makes them"));
  }
  if (!found.forbidden.empty()) {
    telemetry::Warn(
        absl::StrCat("Kafka does not tell the settings of topics, so that they are not checked: ", found.forbidden));
  }
  return CheckLosesNothing(CompareTopics(topics, found.topics));
}

absl::StatusOr<BusConfig> ParseBusConfig(const base::Toml& toml) {
  base::Section section = toml.At("bus");
  BusConfig config;
  section.Read("kafka", config.kafka);
  section.Read("partitions", config.partitions, {.min = 1, .max = kMostPartitions});
  section.Read("replication", config.replication, {.min = 0, .max = kMostReplicas});
  KafkaSecurity& security = config.security;
  section.Read("tls", security.tls);
  section.Read("ca_file", security.ca_file);
  section.Read("certificate_file", security.certificate_file);
  section.Read("key_file", security.key_file);
  section.Read("sasl_mechanism", security.sasl_mechanism);
  section.Read("username", security.username);
  section.Read("password_file", security.password_file);
  KAWAT_RETURN_IF_ERROR(section.Finish());
  KAWAT_RETURN_IF_ERROR(CheckSecurity(section, security));
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
  KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<KafkaBus> bus, OpenKafka(KafkaOptionsOf(config), shutdown));
  const std::vector<TopicSpec> topics = Topics(PartitionsToMake(config), config.replication);
  if (config.make_topics) {
    KAWAT_RETURN_IF_ERROR(bus->CreateMissingTopics(topics).status());
  }
  KAWAT_RETURN_IF_ERROR(CheckTopics(*bus, topics));
  return bus;
}

}  // namespace kawat::bus
