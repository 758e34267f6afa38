// kawat's topics: the one place for names, partitions, retention and limits (design: docs/adr/0001-keyed-facts.md).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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
  absl::Duration retention;  // infinite: kept for ever
  std::int64_t max_record_bytes = 1 << 20;
  // Embedded only: producers wait while the slowest group has this much unread; 0: no bound.
  std::int64_t max_unread_bytes = 0;

  bool operator==(const TopicSpec&) const = default;
};

// All topics of kawat. `partitions` is for those that are partitioned (embedded 4, Kafka 16); sources and parsed have
// one.
std::vector<TopicSpec> Topics(std::int32_t partitions, int replication);

}  // namespace kawat::bus
