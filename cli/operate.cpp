// kawat topics apply, kawat config check.
#include <iostream>
#include <memory>

#include "base/clock.h"
#include "base/shutdown.h"
#include "base/status.h"
#include "cli/command.h"
#include "cli/whole_config.h"

namespace kawat::cli {
namespace {

absl::Status CheckConfig(const std::string& path) {
  KAWAT_ASSIGN_OR_RETURN(const base::Toml toml, base::Toml::ParseFile(path));
  KAWAT_RETURN_IF_ERROR(ParseWholeConfig(toml).status());
  std::cout << path << " is right\n";
  return absl::OkStatus();
}

struct TopicsOptions {
  std::string config;
  std::string kafka;
};

absl::Status ApplyTopics(const TopicsOptions& options) {
  WholeConfig config;
  if (!options.config.empty()) {
    KAWAT_ASSIGN_OR_RETURN(const base::Toml toml, base::Toml::ParseFile(options.config));
    KAWAT_ASSIGN_OR_RETURN(config, ParseWholeConfig(toml));
  }
  if (!options.kafka.empty()) {
    config.bus.kafka = options.kafka;
  }
  if (config.bus.kafka.empty()) {
    return absl::InvalidArgumentError(
        "no broker: give --kafka HOST:PORT, or --config with a [bus] that has kafka; the embedded log makes its topics "
        "itself");
  }
  static base::Shutdown shutdown;  // outlives the signal thread
  base::RequestOnSignals(shutdown);
  config.bus.make_topics = true;
  KAWAT_ASSIGN_OR_RETURN(const auto bus, bus::Open(config.bus, config.data, base::SystemClock(), shutdown));
  for (const bus::TopicSpec& topic : bus::Topics(config.bus.partitions, 1)) {
    KAWAT_ASSIGN_OR_RETURN(const std::int32_t partitions, bus->PartitionCount(topic.name));
    std::cout << topic.name << "\t" << partitions << " partitions\n";
  }
  return absl::OkStatus();
}

}  // namespace

void AddConfig(CLI::App& app, Chosen& chosen) {
  CLI::App* config = app.add_subcommand("config", "The configuration file");
  config->footer("Example:\n  kawat config check kawat.toml");
  config->require_subcommand(1);
  CLI::App* check = config->add_subcommand("check", "Say whether a file is right, or which line is not");
  check->footer("Example:\n  kawat config check kawat.toml");
  auto path = std::make_shared<std::string>();
  check->add_option("FILE", *path, "The file")->required();
  check->callback([path, &chosen] { chosen.run = [path] { return CheckConfig(*path); }; });
}

void AddTopics(CLI::App& app, Chosen& chosen) {
  CLI::App* topics = app.add_subcommand("topics", "Kafka's topics");
  topics->footer("Example:\n  kawat topics apply --kafka 127.0.0.1:9092");
  topics->require_subcommand(1);
  CLI::App* apply = topics->add_subcommand("apply", "Make the topics that are missing; never changes or deletes one");
  apply->footer("Examples:\n  kawat topics apply --kafka 127.0.0.1:9092\n  kawat topics apply --config kawat.toml");
  auto options = std::make_shared<TopicsOptions>();
  apply->add_option("--config", options->config, "TOML file whose [bus] names the brokers");
  apply->add_option("--kafka", options->kafka, "Brokers: HOST:PORT,HOST:PORT");
  apply->callback([options, &chosen] { chosen.run = [options] { return ApplyTopics(*options); }; });
}

}  // namespace kawat::cli
