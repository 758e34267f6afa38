#include "cli/settings.h"

#include <algorithm>
#include <boost/json.hpp>
#include <limits>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"
#include "base/suggestion.h"
#include "cli/whole_config.h"

namespace kawat::cli {
namespace {

struct Meaning {
  std::string_view key;
  std::string_view unit;
  bool reloads;
  std::string_view meaning;
  std::string_view default_value = "";  // instead of what the parser has
};

constexpr std::string_view kGrpc = "where its gRPC service is served; port 0 takes a free one";
constexpr std::string_view kMetrics = "where /metrics and the probes are served; port 0 takes a free one";
constexpr std::string_view kBackupToken =
    "whose one line callers must show to make backups; read anew at each call; empty: everybody may";
constexpr bool kReloads = true;
constexpr bool kRestart = false;

constexpr Meaning kMeanings[] = {
    {"version", "", kRestart, "of the file's format; a newer one is refused"},
    {"data", "", kRestart, "folder of all state"},
    {"allow_networks", "CIDR", kRestart,
     "networks that fetch may reach although they are not public: [\"10.0.0.0/8\"]"},
    {"resolve", "", kRestart,
     "\"https://host\" = \"127.0.0.1:PORT\", as a table: for tests; with it, no other host is reached"},
    {"log.level", "", kReloads, "the least line that is written: debug, info, warn or error"},
    {"log.format", "", kRestart, "text or json"},
    {"bus.kafka", "addresses", kRestart, "\"host:port,host:port\"; empty: the embedded log"},
    {"bus.partitions", "", kRestart, "partitions of topics that are made; fixed afterwards", "4, on Kafka 16"},
    {"bus.replication", "", kRestart, "replicas of topics that are made on Kafka; 0: one on each broker, at most 3"},
    {"bus.tls", "", kRestart, "speak TLS to the brokers"},
    {"bus.ca_file", "", kRestart, "the authority (PEM) that signed the brokers' certificates; empty: the system's"},
    {"bus.certificate_file", "", kRestart, "this program's own certificate (PEM), where brokers ask for one"},
    {"bus.key_file", "", kRestart, "the key (PEM) of that certificate"},
    {"bus.sasl_mechanism", "", kRestart, "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512; empty: none"},
    {"bus.username", "", kRestart, "whose name, with a mechanism"},
    {"bus.password_file", "", kRestart, "a file that holds the password"},
    {"fetch.grpc", "address", kRestart, kGrpc},
    {"fetch.metrics", "address", kRestart, kMetrics},
    {"fetch.delay", "", kRestart,
     "from the end of an answer to the next request to that host, unless robots.txt or the source asks for more"},
    {"fetch.poll_interval", "", kRestart, "how often feeds, sitemaps and homepages are asked"},
    {"fetch.timeout", "", kRestart, "a whole request"},
    {"fetch.max_depth", "links", kRestart,
     "links followed from a source's own URLs; -1: none, only what feeds announce"},
    {"fetch.max_body_bytes", "bytes", kRestart, "the largest body, as received"},
    {"fetch.links_per_host_per_day", "URLs", kRestart,
     "new URLs a host may bring; four times as many from feeds and sitemaps. On hosts that are not its own a source "
     "may "
     "bring 10,000 a day and partition, whatever this says"},
    {"fetch.user_agent", "", kRestart, "how fetch names itself; robots.txt is obeyed as \"kawat\""},
    {"fetch.token_file", "file", kRestart,
     "whose one line callers must show to add or remove sources, submit URLs, replay dead letters and make backups; "
     "read anew at each call; empty: everybody may"},
    {"fetch.owner", "", kRestart, "whose the state folders are: one that finds another's waits 15 s"},
    {"fetch.instances", "processes", kRestart, "among how many fetch processes the shards are divided"},
    {"fetch.instance", "", kRestart,
     "which shards this process owns: p mod instances = instance. Two processes with the same shards but other data "
     "folders are not noticed: both ask every host, each at full speed. Give each its own, and never start one on a "
     "new "
     "folder beside the old one"},
    {"fetch.peers", "addresses", kRestart,
     "gRPC addresses of all instances of fetch in order, its own as well: GetUrlState then answers for hosts of all "
     "instances; without them only for its own"},
    {"parse.grpc", "address", kRestart, kGrpc},
    {"parse.metrics", "address", kRestart, kMetrics},
    {"parse.threads", "threads", kRestart, "that parse at once"},
    {"dedupe.grpc", "address", kRestart, kGrpc},
    {"dedupe.metrics", "address", kRestart, kMetrics},
    {"dedupe.token_file", "file", kRestart, kBackupToken},
    {"store.grpc", "address", kRestart, kGrpc},
    {"store.metrics", "address", kRestart, kMetrics},
    {"store.token_file", "file", kRestart, kBackupToken},
    {"store.instances", "processes", kRestart, "among how many stores the shards are divided"},
    {"store.instance", "", kRestart, "which shards this process owns: p mod instances = instance"},
    {"store.peers", "addresses", kRestart,
     "gRPC addresses of all stores in order, its own as well (see \"Several stores\")"},
    {"portal.listen", "address", kRestart, "where the portal's pages, its /metrics and probes are served"},
    {"portal.store", "address", kRestart, "the store that the portal asks"},
    {"sources[].id", "", kReloads, "lower-case letters, digits and hyphens; one for each [[sources]]", " "},
    {"sources[].name", "", kReloads, "as readers see it", "the id"},
    {"sources[].group", "", kReloads, "\"Media Jepang\""},
    {"sources[].homepage", "URL", kReloads, "its links are followed"},
    {"sources[].feeds", "URLs", kReloads, "RSS or Atom"},
    {"sources[].sitemaps", "URLs", kReloads, "sitemaps"},
    {"sources[].language", "BCP 47", kReloads, "of articles that do not say: id, en, ja"},
    {"sources[].country", "ISO 3166-1", kReloads, "id, jp"},
    {"sources[].time_zone", "IANA name", kReloads, "for times without a zone"},
    {"sources[].min_delay", "", kReloads, "in the place of fetch.delay", "fetch.delay"},
    {"sources[].poll_interval", "", kReloads, "in the place of fetch.poll_interval", "fetch.poll_interval"},
    {"sources[].max_depth", "links", kReloads,
     "in the place of fetch.max_depth; 0: that one; -1: none, only what feeds announce", "fetch.max_depth"},
};

// One source, so that its keys are read.
constexpr std::string_view kEveryTable = "[[sources]]\nid = \"a\"\nfeeds = [\"https://a.example/\"]\n";

std::string RangeOf(const base::Range& range) {
  const bool above = range.min != std::numeric_limits<std::int64_t>::min();
  const bool below = range.max < std::numeric_limits<int>::max();
  return above && below ? absl::StrCat(", ", range.min, " to ", range.max)
         : above        ? absl::StrCat(", from ", range.min)
                        : "";
}

}  // namespace

absl::StatusOr<std::vector<Setting>> AllSettings() {
  KAWAT_ASSIGN_OR_RETURN(const base::Toml toml, base::Toml::Parse(kEveryTable, "defaults"));
  KAWAT_RETURN_IF_ERROR(ParseWholeConfig(toml).status());
  std::vector<Setting> settings;
  std::vector<base::ReadKey> reads = toml.Reads();
  for (const Meaning& meaning : kMeanings) {
    const auto read = std::find_if(reads.begin(), reads.end(), [&](const auto& one) { return one.key == meaning.key; });
    if (read == reads.end()) {
      return absl::InternalError(absl::StrCat("no program reads ", std::string(meaning.key)));
    }
    const bool is_instance =
        absl::EndsWith(std::string(meaning.key), ".instance");  // its range is another setting's value
    settings.push_back(
        {.key = read->key,
         .type = absl::StrCat(read->type, is_instance ? ", from 0" : RangeOf(read->range)),
         .default_value = meaning.default_value.empty() ? read->default_value : std::string(meaning.default_value),
         .unit = std::string(meaning.unit),
         .meaning = std::string(meaning.meaning),
         .reloads = meaning.reloads});
    if (settings.back().default_value == " ") {
      settings.back().default_value.clear();
    }
    reads.erase(read);
  }
  if (!reads.empty()) {
    return absl::InternalError(absl::StrCat("cli/settings.cpp does not say what ", reads.front().key, " means"));
  }
  return settings;
}

absl::StatusOr<std::vector<Setting>> FindSettings(std::string_view key) {
  KAWAT_ASSIGN_OR_RETURN(const std::vector<Setting> all, AllSettings());
  std::vector<Setting> found;
  std::vector<std::string> names;
  for (const Setting& setting : all) {
    names.push_back(setting.key);
    const std::string_view rest =
        absl::StartsWith(setting.key, std::string(key)) ? std::string_view(setting.key).substr(key.size()) : "?";
    if (key.empty() || rest.empty() || rest.front() == '.' || rest.front() == '[') {
      found.push_back(setting);
    }
  }
  if (found.empty()) {
    return absl::NotFoundError(absl::StrCat("no setting \"", std::string(key), "\"", base::Suggestion(key, names)));
  }
  return found;
}

std::string SettingsAsText(const std::vector<Setting>& settings) {
  std::string text;
  for (const Setting& setting : settings) {
    absl::StrAppend(&text, setting.key, setting.default_value.empty() ? "" : " = ", setting.default_value, "\n    ",
                    setting.type, setting.unit.empty() ? "" : ", in ", setting.unit, "; ",
                    setting.reloads ? "reloaded" : "a change needs a restart", "\n    ", setting.meaning, "\n");
  }
  return text;
}

std::string SettingsAsJson(const std::vector<Setting>& settings) {
  boost::json::array array;
  for (const Setting& setting : settings) {
    array.push_back(boost::json::object{{"key", setting.key},
                                        {"type", setting.type},
                                        {"default", setting.default_value},
                                        {"unit", setting.unit},
                                        {"meaning", setting.meaning},
                                        {"reloads", setting.reloads}});
  }
  return boost::json::serialize(boost::json::object{{"settings", array}}) + "\n";
}

std::string SettingsAsMarkdown(const std::vector<Setting>& settings) {
  std::string text = "| key | type | unit | default | reloads | meaning |\n|---|---|---|---|---|---|\n";
  for (const Setting& setting : settings) {
    const std::string default_value = absl::StrReplaceAll(setting.default_value, {{"|", "\\|"}});
    absl::StrAppend(&text, "| `", setting.key, "` | ", setting.type, " | ", setting.unit, " | ", default_value, " | ",
                    setting.reloads ? "yes" : "no", " | ", setting.meaning, " |\n");
  }
  return text;
}

}  // namespace kawat::cli
