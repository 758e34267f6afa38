// Keys and values of the embedded log on disk. Golden bytes: tests/unit/libs/bus/embedded/format_test.cpp.
//
//   t NAME                       topic: id and specification
//   m TOPIC PARTITION            what the partition holds (PartitionState)
//   h TOPIC PARTITION OFFSET     header of a record: append time, bytes before it, and in a compacted topic its key
//   r TOPIC PARTITION OFFSET     the record
//   k TOPIC PARTITION KEY        compacted topics: the offset of the key's newest record
//   d TOPIC PARTITION OFFSET     compacted topics: the record there is a tombstone
//   g TOPIC PARTITION GROUP      the offset committed by a group
//
// TOPIC is the id, 4 bytes; PARTITION 4 bytes; OFFSET 8 bytes; big-endian, so that byte order is their order. Numbers
// in values are little-endian, 8 bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "bus/embedded/catalog.h"
#include "bus/record.h"

namespace kawat::bus::embedded {

inline constexpr int kFormat = 1;  // of all of this; see rocks::CheckFormat

inline constexpr char kTopicKind = 't';
inline constexpr char kStateKind = 'm';
inline constexpr char kHeaderKind = 'h';
inline constexpr char kRecordKind = 'r';
inline constexpr char kNewestKind = 'k';
inline constexpr char kTombstoneKind = 'd';
inline constexpr char kGroupKind = 'g';

std::string PartitionKey(char kind, std::uint32_t topic, std::int32_t partition);
std::string OffsetKey(char kind, std::uint32_t topic, std::int32_t partition, std::int64_t offset);
std::string NamedKey(char kind, std::uint32_t topic, std::int32_t partition, std::string_view name);
// The end of a key: what PartitionKey does not have.
std::string_view NameOf(std::string_view named_key);
std::int64_t OffsetOf(std::string_view offset_key);

std::string EncodeNumber(std::int64_t value);
std::string EncodeTopic(const TopicInfo& topic);
std::string EncodeState(const PartitionState& state);

struct Header {
  std::int64_t append_ms = 0;
  std::int64_t bytes_before = 0;
  std::string key;  // compacted topics only
};
std::string EncodeHeader(const Header& header);

// The record's bytes up to its value, which follows as it is: values are large, and are not to be copied.
std::string EncodeRecordHead(const Record& record, std::int64_t append_ms);

// DataLoss: not what Encode wrote.
absl::StatusOr<std::int64_t> DecodeNumber(std::string_view bytes);
absl::StatusOr<TopicInfo> DecodeTopic(std::string_view name, std::string_view bytes);
absl::StatusOr<PartitionState> DecodeState(std::string_view bytes);
absl::StatusOr<Header> DecodeHeader(std::string_view bytes);
// Topic, partition and offset are left to the caller.
absl::StatusOr<Record> DecodeRecord(std::string_view bytes);

}  // namespace kawat::bus::embedded
