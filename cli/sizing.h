// What a day's articles take: disk of Kafka's topics and of the services' volumes, and memory. Figures to begin with,
// not a promise: what they come from stands beside each constant in sizing.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "bus/topics.h"

namespace kawat::cli {

inline constexpr std::int64_t kDefaultArticlesPerDay = 1'000'000;  // about 12 a second: what the world publishes

struct TopicSize {
  std::string topic;
  std::int64_t records_per_day = 0;
  std::int64_t bytes_per_day = 0;  // on one replica
  absl::Duration retention;
  std::int64_t bytes = 0;  // kept on one replica, open segments among it
  int replicas = 1;
};

struct VolumeSize {
  std::string volume;  // "fetch", "dedupe", "store"
  std::int64_t bytes_per_article = 0;
  std::int64_t bytes_per_day = 0;
  std::int64_t bytes_in_a_year = 0;
  std::int64_t cache_bytes_at_most = 0;  // RocksDB's caches and write buffers, all shards together
};

struct Sizing {
  std::int64_t articles_per_day = 0;
  std::vector<TopicSize> topics;
  std::vector<VolumeSize> volumes;
  std::int64_t topic_bytes = 0;       // of all topics and replicas
  std::int64_t page_cache_bytes = 0;  // of all brokers together, for reading from memory
};

// `specs` with their replication known.
Sizing SizeOf(std::span<const bus::TopicSpec> specs, std::int64_t articles_per_day);

// Tables for people. "1.5 GiB".
std::string ToText(const Sizing& sizing);
std::string FormatBytes(std::int64_t bytes);

}  // namespace kawat::cli
