// kawat's topics, as deploy/topics/topics.toml describes them; that file is built in (design:
// docs/adr/0001-keyed-facts.md).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace kawat::bus {

inline constexpr std::string_view kSources = "kawat.sources";
inline constexpr std::string_view kLinks = "kawat.links";
inline constexpr std::string_view kPages = "kawat.pages";
inline constexpr std::string_view kParsed = "kawat.parsed";
inline constexpr std::string_view kArticles = "kawat.articles";
inline constexpr std::string_view kEngagement = "kawat.engagement";
inline constexpr std::string_view kDeadLetters = "kawat.deadletters";

// Read by one process as partition 0 only: what a second one held would never be read.
inline constexpr std::array kWithOnePartition = {kSources, kParsed};

struct TopicSpec {
  std::string name;
  std::int32_t partitions = 1;
  int replication = 1;       // 0: one on each broker, at most 3. Kafka only
  bool compacted = false;    // keeps the newest record of each key
  absl::Duration retention;  // infinite or zero: kept for ever
  std::int64_t max_record_bytes = 1 << 20;
  // Embedded only: producers wait while the slowest group has this much unread; 0: no bound.
  std::int64_t max_unread_bytes = 0;

  // Kafka only. Segments are what it deletes and compacts, never the one that is written to.
  std::int64_t segment_bytes = 1 << 30;
  absl::Duration segment_age = absl::Hours(24 * 7);
  absl::Duration tombstones_kept = absl::Hours(24);  // compacted: how late a reader may be and still see a deletion

  bool operator==(const TopicSpec&) const = default;
};

// What holds for topics that are made, unless the configuration says otherwise.
struct TopicDefaults {
  std::int32_t partitions = 0;           // on Kafka
  std::int32_t embedded_partitions = 0;  // in the embedded log
  int replication = 0;                   // on Kafka; on fewer brokers one on each
};

const TopicDefaults& DefaultsOfTopics();

// All topics of kawat. `partitions` is for those that are partitioned (embedded 4, Kafka 16); sources and parsed have
// one.
std::vector<TopicSpec> Topics(std::int32_t partitions, int replication);

// What a file such as topics.toml says. `specs` have 0 partitions where the file leaves their number open. It is an
// error if a topic of the constants above is missing, or another one is there. InvalidArgument with file, line and key.
struct TopicsFile {
  TopicDefaults defaults;
  std::vector<TopicSpec> specs;
};
absl::StatusOr<TopicsFile> ParseTopics(std::string_view text);

}  // namespace kawat::bus
