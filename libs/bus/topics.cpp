#include "bus/topics.h"

#include <algorithm>
#include <array>
#include <span>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/config.h"
#include "base/status.h"

namespace kawat::bus {

extern const std::string_view kTopicsToml;  // deploy/topics/topics.toml, by cmake/embed.cmake

namespace {

constexpr std::array kAll = {kSources, kLinks, kPages, kParsed, kArticles, kEngagement, kDeadLetters};
constexpr std::string_view kForEver = "forever";
constexpr absl::Duration kLongest = absl::Hours(24 * 365 * 100);

bool Has(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

absl::StatusOr<absl::Duration> ParseRetention(base::Section& section) {
  std::string text;
  section.Read("retention", text);
  if (text == kForEver) {
    return absl::InfiniteDuration();
  }
  absl::Duration retention;
  if (!absl::ParseDuration(text, &retention) || retention < absl::Hours(1) || retention > kLongest) {
    return section.Wrong("retention", "must be \"forever\" or a duration of an hour at least, such as \"168h\"");
  }
  return retention;
}

absl::StatusOr<TopicSpec> ParseTopic(base::Section& section) {
  constexpr std::int64_t kMost = std::int64_t{1} << 30;
  TopicSpec spec;
  spec.partitions = 0;
  section.Read("name", spec.name);
  section.Read("partitions", spec.partitions, {.min = 1, .max = 1});
  section.Read("compacted", spec.compacted);
  section.Read("max_record_bytes", spec.max_record_bytes, {.min = 1, .max = kMost});
  section.Read("segment_bytes", spec.segment_bytes, {.min = 1 << 20, .max = kMost});
  section.Read("segment_age", spec.segment_age);
  section.Read("tombstones_kept", spec.tombstones_kept);
  section.Read("max_unread_bytes", spec.max_unread_bytes, {.min = 0});
  KAWAT_ASSIGN_OR_RETURN(spec.retention, ParseRetention(section));
  KAWAT_RETURN_IF_ERROR(section.Finish());
  if (!Has(kAll, spec.name)) {
    return section.Wrong("name", absl::StrCat("must be a topic that kawat knows, not \"", spec.name, "\""));
  }
  if (Has(kWithOnePartition, spec.name) != (spec.partitions == 1)) {
    return section.Wrong(
        "partitions",
        absl::StrCat("must be 1 for topics that are read as one, and absent for others; ", "wrong for ", spec.name));
  }
  return spec;
}

const TopicsFile& BuiltIn() {
  static const TopicsFile* const file = [] {
    absl::StatusOr<TopicsFile> parsed = ParseTopics(kTopicsToml);
    KAWAT_CHECK(parsed.ok(), std::string(parsed.status().message()).c_str());
    return new TopicsFile(*std::move(parsed));
  }();
  return *file;
}

}  // namespace

absl::StatusOr<TopicsFile> ParseTopics(std::string_view text) {
  KAWAT_ASSIGN_OR_RETURN(const base::Toml toml, base::Toml::Parse(text, "topics.toml"));
  base::Section root = toml.Root();
  TopicsFile file;
  base::Section defaults = root.At("defaults");
  defaults.Read("partitions", file.defaults.partitions, {.min = 1, .max = 1024});
  defaults.Read("embedded_partitions", file.defaults.embedded_partitions, {.min = 1, .max = 1024});
  defaults.Read("replication", file.defaults.replication, {.min = 1, .max = 32});
  KAWAT_RETURN_IF_ERROR(defaults.Finish());
  for (base::Section& section : root.Each("topics")) {
    KAWAT_ASSIGN_OR_RETURN(TopicSpec spec, ParseTopic(section));
    const bool twice = std::any_of(file.specs.begin(), file.specs.end(),
                                   [&](const TopicSpec& other) { return other.name == spec.name; });
    if (twice) {
      return section.Wrong("name", absl::StrCat("is there twice: ", spec.name));
    }
    file.specs.push_back(std::move(spec));
  }
  KAWAT_RETURN_IF_ERROR(root.Finish());
  if (file.specs.size() != kAll.size() || file.defaults.partitions == 0 || file.defaults.embedded_partitions == 0 ||
      file.defaults.replication == 0) {
    return root.Wrong("topics", "must have all of kawat's topics, and [defaults] all its keys");
  }
  return file;
}

const TopicDefaults& DefaultsOfTopics() { return BuiltIn().defaults; }

std::vector<TopicSpec> Topics(std::int32_t partitions, int replication) {
  std::vector<TopicSpec> specs = BuiltIn().specs;
  for (TopicSpec& spec : specs) {
    spec.partitions = spec.partitions > 0 ? spec.partitions : partitions;
    spec.replication = replication;
  }
  return specs;
}

}  // namespace kawat::bus
