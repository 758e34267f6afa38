// What travels on a topic.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace kawat::bus {

// The input record that a record was made from, and the how-manieth output of it: the version of the fact it states,
// and the thread that Explain follows. Adapters carry it in the record header "kawat-origin" as text.
struct Origin {
  std::uint32_t log_epoch = 0;
  std::string topic;  // empty: the record has no origin (sent by a gRPC call, say)
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::int32_t index = 0;

  auto operator<=>(const Origin&) const = default;
};

// "1/kawat.parsed/0/4711/2", and back; ParseOrigin of anything else is an Origin without topic.
std::string FormatOrigin(const Origin& origin);
Origin ParseOrigin(std::string_view text);

inline constexpr std::int32_t kByKey = -1;

struct Record {
  std::string topic;
  std::int32_t partition = kByKey;  // to send: kByKey chooses by partition_key
  std::string partition_key;        // to send: empty means key. Not carried.
  std::string key;
  std::optional<std::string> value;  // absent: the key is deleted (a tombstone)
  Origin origin;
  std::int64_t offset = -1;  // set by the log
  absl::Time append_time;    // set by the log, milliseconds

  bool operator==(const Record&) const = default;
};

// Key, value, origin and overhead, as limits count them.
std::size_t SizeBytes(const Record& record);

// XXH3 of topic-independent content (key, value, origin): what a stage keeps beside an offset, to know the record
// again.
std::uint64_t Checksum(const Record& record);

// The partition of `key` among `count`: XXH3 modulo count. The same for all adapters, languages and versions of kawat.
std::int32_t PartitionOf(std::string_view key, std::int32_t count);

struct TopicPartition {
  std::string topic;
  std::int32_t partition = 0;

  auto operator<=>(const TopicPartition&) const = default;
};

// The next offset to read.
struct Position {
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;

  bool operator==(const Position&) const = default;
};

}  // namespace kawat::bus
