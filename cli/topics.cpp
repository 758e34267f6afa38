// kawat topics plan, apply, verify.
#include <algorithm>
#include <boost/json.hpp>
#include <iostream>
#include <map>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/shutdown.h"
#include "base/status.h"
#include "bus/kafka/kafka.h"
#include "bus/topic_check.h"
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/sizing.h"
#include "cli/topics_report.h"
#include "cli/whole_config.h"

namespace kawat::cli {
namespace {

using Kind = bus::TopicDifference::Kind;

constexpr absl::Duration kSettles = absl::Seconds(10);  // a change is not known to every broker at once
constexpr std::int64_t kMostArticlesPerDay = 1'000'000'000;

struct TopicsOptions {
  std::string config;
  std::string kafka;
  std::string timeout = "30s";
  std::int64_t articles_per_day = kDefaultArticlesPerDay;
  bool json = false;
};

absl::StatusOr<bus::BusConfig> ReadConfig(const TopicsOptions& options) {
  bus::BusConfig config;
  if (!options.config.empty()) {
    KAWAT_ASSIGN_OR_RETURN(const base::Toml toml, base::Toml::ParseFile(options.config));
    KAWAT_ASSIGN_OR_RETURN(const WholeConfig whole, ParseWholeConfig(toml));
    config = whole.bus;
  }
  if (!options.kafka.empty()) {
    config.kafka = options.kafka;
  }
  return config;
}

absl::StatusOr<std::unique_ptr<bus::KafkaBus>> OpenCluster(const bus::BusConfig& config, const TopicsOptions& options) {
  if (config.kafka.empty()) {
    return absl::InvalidArgumentError(
        "no broker: give --kafka HOST:PORT, or --config with a [bus] that has kafka; the embedded log makes its topics "
        "itself");
  }
  absl::Duration timeout;
  if (!absl::ParseDuration(options.timeout, &timeout) || timeout < absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--timeout must be a duration such as \"30s\" or \"5m\", not \"", options.timeout, "\""));
  }
  static base::Shutdown shutdown;  // outlives the signal thread
  base::RequestOnSignals(shutdown);
  return bus::OpenKafka(bus::KafkaOptionsOf(config), shutdown, timeout);
}

std::vector<bus::TopicSpec> SpecsFor(bus::BusConfig config, int brokers) {
  const int replication =
      config.replication > 0 ? config.replication : std::min(bus::DefaultsOfTopics().replication, brokers);
  config.kafka = "a cluster";  // these are never the embedded log's
  return bus::Topics(bus::PartitionsToMake(config), replication);
}

// Whichever of articles and engagement is made later is split as the other one is.
void SplitAlike(const bus::KafkaTopics& found, std::vector<bus::TopicSpec>& specs) {
  for (bus::TopicSpec& spec : specs) {
    const std::string_view other = spec.name == bus::kArticles     ? bus::kEngagement
                                   : spec.name == bus::kEngagement ? bus::kArticles
                                                                   : std::string_view();
    const auto there = found.topics.find(std::string(other));
    const bool missing = found.topics.at(spec.name).partitions == 0;
    if (missing && there != found.topics.end() && there->second.partitions > 0) {
      spec.partitions = there->second.partitions;
    }
  }
}

absl::StatusOr<TopicsComparison> Compare(bus::KafkaBus& bus, const bus::BusConfig& config) {
  std::vector<std::string> names;
  for (const bus::TopicSpec& spec : SpecsFor(config, 1)) {
    names.push_back(spec.name);
  }
  KAWAT_ASSIGN_OR_RETURN(const bus::KafkaTopics found, bus.DescribeTopics(names));
  if (!found.forbidden.empty()) {
    return absl::PermissionDeniedError(found.forbidden);
  }
  TopicsComparison comparison{.specs = SpecsFor(config, found.brokers)};
  SplitAlike(found, comparison.specs);
  comparison.differences = bus::CompareTopics(comparison.specs, found.topics);
  return comparison;
}

absl::Status Plan(const TopicsOptions& options) {
  KAWAT_ASSIGN_OR_RETURN(const bus::BusConfig config, ReadConfig(options));
  boost::json::object json;
  TopicsComparison comparison{.specs = SpecsFor(config, bus::DefaultsOfTopics().replication)};
  if (!config.kafka.empty()) {
    KAWAT_ASSIGN_OR_RETURN(const auto bus, OpenCluster(config, options));
    KAWAT_ASSIGN_OR_RETURN(comparison, Compare(*bus, config));
    json["differences"] = ToJson(comparison);
  }
  const Sizing sizing = SizeOf(comparison.specs, options.articles_per_day);
  if (options.json) {
    json["sizing"] = ToJson(sizing);
    std::cout << boost::json::serialize(json) << "\n";
    return absl::OkStatus();
  }
  if (!config.kafka.empty()) {
    std::cout << ToText(comparison);
    std::cout << "\n";
  }
  std::cout << ToText(sizing);
  return absl::OkStatus();
}

absl::Status MakeMissing(bus::KafkaBus& bus, const TopicsComparison& comparison, TopicsReport& report) {
  KAWAT_ASSIGN_OR_RETURN(const std::vector<std::string> made, bus.CreateMissingTopics(comparison.specs));
  for (const bus::TopicSpec& spec : comparison.specs) {
    if (std::find(made.begin(), made.end(), spec.name) != made.end()) {
      report.Add("made", spec.name, absl::StrCat("partitions ", spec.partitions, ", replicas ", spec.replication));
    }
  }
  return absl::OkStatus();
}

absl::Status Mend(bus::KafkaBus& bus, const TopicsComparison& comparison, TopicsReport& report) {
  std::map<std::string, std::map<std::string, std::string>> changes;
  for (const bus::TopicDifference& difference : comparison.differences) {
    if (difference.kind == Kind::kMendable) {
      changes[difference.topic][difference.setting] = difference.should;
    }
  }
  for (const auto& [topic, settings] : changes) {
    KAWAT_RETURN_IF_ERROR(bus.ChangeTopic(topic, settings));
    for (const bus::TopicDifference& difference : comparison.differences) {
      if (difference.kind == Kind::kMendable && difference.topic == topic) {
        report.Add("changed", topic,
                   absl::StrCat(difference.setting, " from ", difference.is, " to ", difference.should));
      }
    }
  }
  for (const bus::TopicDifference& difference : comparison.differences) {
    if (difference.kind == Kind::kByHand) {
      report.Add("refused", difference.topic, bus::Describe(difference));
    } else if (difference.kind == Kind::kAccepted) {
      report.Add("left", difference.topic, bus::Describe(difference));
    }
  }
  return absl::OkStatus();
}

// Until nothing is left that apply has mended.
absl::StatusOr<TopicsComparison> CompareWhenSettled(bus::KafkaBus& bus, const bus::BusConfig& config) {
  for (const absl::Time deadline = absl::Now() + kSettles;; absl::SleepFor(absl::Milliseconds(50))) {
    KAWAT_ASSIGN_OR_RETURN(TopicsComparison comparison, Compare(bus, config));
    const bool settled = std::none_of(
        comparison.differences.begin(), comparison.differences.end(),
        [](const auto& difference) { return difference.kind == Kind::kMissing || difference.kind == Kind::kMendable; });
    if (settled || absl::Now() > deadline) {
      return comparison;
    }
  }
}

absl::Status Apply(const TopicsOptions& options) {
  KAWAT_ASSIGN_OR_RETURN(const bus::BusConfig config, ReadConfig(options));
  KAWAT_ASSIGN_OR_RETURN(const auto bus, OpenCluster(config, options));
  TopicsReport report(options.json);
  KAWAT_ASSIGN_OR_RETURN(TopicsComparison comparison, Compare(*bus, config));
  absl::Status done = MakeMissing(*bus, comparison, report);
  if (done.ok()) {
    KAWAT_ASSIGN_OR_RETURN(comparison, Compare(*bus, config));
    done = Mend(*bus, comparison, report);
  }
  report.Finish();  // what was done, whatever stopped the rest
  KAWAT_RETURN_IF_ERROR(done);
  KAWAT_ASSIGN_OR_RETURN(comparison, CompareWhenSettled(*bus, config));
  return bus::CheckLosesNothing(comparison.differences);
}

absl::Status Verify(const TopicsOptions& options) {
  KAWAT_ASSIGN_OR_RETURN(const bus::BusConfig config, ReadConfig(options));
  KAWAT_ASSIGN_OR_RETURN(const auto bus, OpenCluster(config, options));
  KAWAT_ASSIGN_OR_RETURN(const TopicsComparison comparison, Compare(*bus, config));
  const auto wrong = std::count_if(comparison.differences.begin(), comparison.differences.end(),
                                   [](const auto& difference) { return difference.kind != Kind::kAccepted; });
  if (options.json) {
    std::cout << boost::json::serialize(ToJson(comparison)) << "\n";
  } else {
    for (const bus::TopicDifference& difference : comparison.differences) {
      if (difference.kind != Kind::kAccepted) {
        std::cout << difference.topic << ": " << bus::Describe(difference) << "\n";
      }
    }
  }
  if (wrong > 0) {
    return absl::UnknownError(absl::StrCat(wrong, wrong == 1 ? " thing is" : " things are",
                                           " not as kawat needs; `kawat topics plan` says what apply would change"));
  }
  return absl::OkStatus();
}

void AddCommand(CLI::App& topics, Chosen& chosen, const char* name, const char* what, const char* examples,
                absl::Status (*run)(const TopicsOptions&)) {
  CLI::App* command = topics.add_subcommand(name, what);
  command->footer(examples);
  auto options = std::make_shared<TopicsOptions>();
  command->add_option("--config", options->config, "TOML file whose [bus] names the brokers, and how to come in")
      ->envname("KAWAT_CONFIG");
  command->add_option("--kafka", options->kafka, "Brokers: HOST:PORT,HOST:PORT");
  command->add_option("--timeout", options->timeout, "How long a broker that is away is waited for")
      ->capture_default_str();
  AddJsonFlag(*command, options->json);
  if (run == Plan) {
    command->add_option("--articles-per-day", options->articles_per_day, "For how much disk and memory it takes")
        ->capture_default_str()
        ->check(CLI::Range(std::int64_t{0}, kMostArticlesPerDay));
  }
  command->callback([options, run, &chosen] { chosen.run = [options, run] { return run(*options); }; });
}

}  // namespace

void AddTopics(CLI::App& app, Chosen& chosen) {
  CLI::App* topics = app.add_subcommand("topics", "Kafka's topics: as kawat needs them, and what they take");
  topics->footer(
      "Examples:\n  kawat topics plan --articles-per-day 100000\n  kawat topics apply --kafka 127.0.0.1:9092");
  topics->require_subcommand(1);
  AddCommand(*topics, chosen, "plan", "Say what apply would do, and what disk and memory it takes; changes nothing",
             "Examples:\n  kawat topics plan --articles-per-day 100000    needs no broker\n"
             "  kawat topics plan --config kawat.toml --json",
             Plan);
  AddCommand(*topics, chosen, "apply",
             "Make what is missing and mend settings that would lose data; never deletes or shrinks",
             "Examples:\n  kawat topics apply --kafka 127.0.0.1:9092\n  kawat topics apply --config kawat.toml", Apply);
  AddCommand(*topics, chosen, "verify",
             "Exit with 0 if all topics are as kawat needs them, else with 1 and a line each",
             "Example:\n  kawat topics verify --config kawat.toml", Verify);
}

}  // namespace kawat::cli
