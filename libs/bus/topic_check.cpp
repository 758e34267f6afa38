#include "bus/topic_check.h"

#include <algorithm>
#include <limits>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace kawat::bus {
namespace {

using Kind = TopicDifference::Kind;

constexpr std::int64_t kBatchBytes = 1 << 20;           // librdkafka fills batches up to this
constexpr std::int64_t kBatchOverheadBytes = 64 << 10;  // what batch and record headers may add
constexpr int kReplicasForTwoInSync = 3;

constexpr const char* kPolicy = "cleanup.policy";
constexpr const char* kRetentionMs = "retention.ms";
constexpr const char* kRetentionBytes = "retention.bytes";
constexpr const char* kMinInSync = "min.insync.replicas";

bool IsForEver(const TopicSpec& spec) {
  return spec.retention == absl::InfiniteDuration() || spec.retention <= absl::ZeroDuration();
}

std::string Milliseconds(absl::Duration duration) { return absl::StrCat(absl::ToInt64Milliseconds(duration)); }

enum class Rule {
  kExact,
  kAtLeast,  // a number; -1 is without end
  kTuning,   // loses nothing either way: what somebody has set is left
};

struct Need {
  const char* setting;
  Rule rule;
  bool loses_data;
  const char* why;
};

constexpr Need kNeeds[] = {
    {kRetentionMs, Rule::kAtLeast, true, "records go before they need not be kept any longer"},
    {kRetentionBytes, Rule::kAtLeast, true, "records go by size, whether they were read or not"},
    {"max.message.bytes", Rule::kAtLeast, true, "the largest records cannot be stored, and whoever sends one stops"},
    {"message.timestamp.type", Rule::kExact, true,
     "time would be the sender's word, and windows and expiry would be wrong"},
    {"unclean.leader.election.enable", Rule::kExact, true,
     "a replica that lags may become leader, and what was acknowledged is gone"},
    {kMinInSync, Rule::kAtLeast, true, "what one broker alone has acknowledged goes with that broker"},
    {"delete.retention.ms", Rule::kAtLeast, false, "a reader that comes late does not learn that a key was deleted"},
    {"segment.bytes", Rule::kTuning, false, "retention and compaction act on whole segments"},
    {"segment.ms", Rule::kTuning, false, "retention and compaction act on whole segments"},
};

std::int64_t Number(const std::string& text) {
  std::int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) {
    return 0;
  }
  return number < 0 ? std::numeric_limits<std::int64_t>::max() : number;
}

std::set<std::string> Policies(const std::string& text) {
  std::set<std::string> policies;
  for (const std::string& policy : std::vector<std::string>(absl::StrSplit(text, ',', absl::SkipEmpty()))) {
    policies.emplace(absl::StripAsciiWhitespace(policy));
  }
  return policies;
}

// Differences of one topic that exists.
class Comparison {
 public:
  Comparison(const TopicSpec& spec, const TopicState& state) : spec_(spec), state_(state) {
    TopicSpec as_it_is = spec;
    as_it_is.replication = state.replication;  // min.insync.replicas follows what is there
    should_ = TopicSettings(as_it_is);
  }

  std::vector<TopicDifference> Take() {
    Partitions();
    Replication();
    Policy();
    for (const Need& need : kNeeds) {
      Compare(need);
    }
    return std::move(found_);
  }

 private:
  void Add(std::string setting, std::string is, std::string should, Kind kind, bool loses_data, std::string why) {
    found_.push_back(
        {spec_.name, std::move(setting), std::move(is), std::move(should), kind, loses_data, std::move(why)});
  }

  void Partitions() {
    if (state_.partitions == spec_.partitions) {
      return;
    }
    const bool must =
        std::find(kWithOnePartition.begin(), kWithOnePartition.end(), spec_.name) != kWithOnePartition.end();
    Add("partitions", absl::StrCat(state_.partitions), absl::StrCat(spec_.partitions),
        must ? Kind::kByHand : Kind::kAccepted, must,
        must ? "what lies in the others would never be read, and Kafka cannot take partitions away: delete the topic, "
               "and `kawat topics apply` makes it anew"
             : "their number is fixed when a topic is made");
  }

  void Replication() {
    if (state_.replication < spec_.replication) {
      Add("replication", absl::StrCat(state_.replication), absl::StrCat(spec_.replication), Kind::kByHand, false,
          "a broker's disk that is lost takes records with it; kafka-reassign-partitions (or Cruise Control) adds "
          "replicas");
    }
  }

  void Policy() {
    const auto found = state_.settings.find(kPolicy);
    if (found == state_.settings.end()) {
      return;
    }
    const std::set<std::string> is = Policies(found->second.value);
    const std::string& text = should_.at(kPolicy);
    const std::set<std::string> should = Policies(text);
    if (is == should) {
      return;
    }
    if (spec_.compacted && is == std::set<std::string>{"compact"}) {
      Add(kPolicy, found->second.value, text, Kind::kAccepted, false, "it keeps records for ever");
      return;
    }
    Add(kPolicy, found->second.value, text, Kind::kMendable, true,
        !spec_.compacted         ? "compaction drops all but the newest record of a key, and kawat needs each"
        : is.contains("compact") ? "records go by age, and nothing sends them again"
                                 : "without compaction what a key says now goes with its age");
  }

  void Compare(const Need& need) {
    const auto found = state_.settings.find(need.setting);
    const auto should = should_.find(need.setting);
    if (found == state_.settings.end() || should == should_.end() || found->second.value == should->second) {
      return;
    }
    const TopicSetting& is = found->second;
    const bool more = need.rule == Rule::kAtLeast && Number(is.value) >= Number(should->second);
    const bool tuned = need.rule == Rule::kTuning && is.set_on_topic;
    if (more || tuned) {
      Add(need.setting, is.value, should->second, Kind::kAccepted, false,
          more ? "more than kawat needs" : "set on the topic by somebody");
      return;
    }
    Add(need.setting, is.value, should->second, Kind::kMendable, need.loses_data && Acts(need), need.why);
  }

  // Retention does nothing to a topic that is only compacted.
  bool Acts(const Need& need) const {
    const std::string_view setting = need.setting;
    const bool is_retention = setting == kRetentionMs || setting == kRetentionBytes;
    const auto policy = state_.settings.find(kPolicy);
    return !is_retention || policy == state_.settings.end() || Policies(policy->second.value).contains("delete");
  }

  const TopicSpec& spec_;
  const TopicState& state_;
  std::map<std::string, std::string> should_;
  std::vector<TopicDifference> found_;
};

}  // namespace

std::map<std::string, std::string> TopicSettings(const TopicSpec& spec) {
  std::map<std::string, std::string> settings = {
      {kPolicy, !spec.compacted   ? "delete"
                : IsForEver(spec) ? "compact"
                                  : "compact,delete"},
      {kRetentionMs, IsForEver(spec) ? "-1" : Milliseconds(spec.retention)},
      {kRetentionBytes, "-1"},
      // The limit is a batch's; a record's own limit is held by the producer.
      {"max.message.bytes", absl::StrCat(std::max(spec.max_record_bytes, kBatchBytes) + kBatchOverheadBytes)},
      {"message.timestamp.type", "LogAppendTime"},
      {kMinInSync, spec.replication >= kReplicasForTwoInSync ? "2" : "1"},
      {"unclean.leader.election.enable", "false"},
      {"segment.bytes", absl::StrCat(spec.segment_bytes)},
      {"segment.ms", Milliseconds(spec.segment_age)},
  };
  if (spec.compacted) {
    settings.emplace("delete.retention.ms", Milliseconds(spec.tombstones_kept));
  }
  return settings;
}

std::vector<TopicDifference> CompareTopics(std::span<const TopicSpec> specs,
                                           const std::map<std::string, TopicState>& states) {
  std::vector<TopicDifference> all;
  std::map<std::string_view, std::int32_t> partitions;
  for (const TopicSpec& spec : specs) {
    const auto found = states.find(spec.name);
    if (found == states.end() || found->second.partitions == 0) {
      all.push_back({spec.name, "topic", "missing",
                     absl::StrCat(spec.partitions, spec.partitions == 1 ? " partition" : " partitions"), Kind::kMissing,
                     true, "no service starts without it"});
      continue;
    }
    partitions[spec.name] = found->second.partitions;
    for (TopicDifference& difference : Comparison(spec, found->second).Take()) {
      all.push_back(std::move(difference));
    }
  }
  const auto articles = partitions.find(kArticles);
  const auto engagement = partitions.find(kEngagement);
  if (articles != partitions.end() && engagement != partitions.end() && articles->second != engagement->second) {
    all.push_back({std::string(kEngagement), "partitions", absl::StrCat(engagement->second),
                   absl::StrCat(articles->second), Kind::kByHand, true,
                   absl::StrCat("a shard of store reads the partition of the same number of ", std::string(kArticles),
                                ": delete whichever of the two holds nothing, set bus.partitions to the other's "
                                "number, and `kawat topics apply` makes it anew")});
  }
  return all;
}

std::string Describe(const TopicDifference& difference) {
  return absl::StrCat(difference.setting, " is ", difference.is, " and should be ", difference.should, ": ",
                      difference.why);
}

absl::Status CheckLosesNothing(std::span<const TopicDifference> differences) {
  const auto loses = [](const TopicDifference& difference) { return difference.loses_data; };
  const auto first = std::find_if(differences.begin(), differences.end(), loses);
  if (first == differences.end()) {
    return absl::OkStatus();
  }
  const auto more = std::count_if(differences.begin(), differences.end(), loses) - 1;
  return absl::FailedPreconditionError(
      absl::StrCat("Kafka's topic ", first->topic, " would lose data: ", Describe(*first),
                   first->kind == Kind::kByHand ? "" : "; `kawat topics apply` mends it",
                   more > 0 ? absl::StrCat(" (and ", more, " more; `kawat topics verify` lists all)") : ""));
}

}  // namespace kawat::bus
