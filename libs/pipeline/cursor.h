// How far a shard has read an input partition. It lies in the shard's state, under a key that begins with the byte 0x00
// (no key of a stage does), so that state and offset are one batch (principle 2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bus/bus.h"
#include "state/store.h"

namespace kawat::pipeline {

// Keys of a shard's state with this prefix are the runner's.
inline constexpr std::string_view kReservedPrefix{"\0", 1};
inline constexpr std::string_view kCursorPrefix{"\0cursor/", 8};

struct Cursor {
  std::uint32_t log_epoch = 1;
  std::int64_t next = 0;  // the offset to read next

  // The record at next - 1, if one was applied since the partition was first assigned.
  bool has_record = false;
  std::int64_t append_time_ms = 0;
  std::uint64_t checksum = 0;

  std::int64_t time_ms = 0;  // the stage's time in this partition: the highest append time so far

  bool operator==(const Cursor&) const = default;
};

std::string OwnerKey();                                       // whose state it is: "store/0"
std::string CursorKey(const bus::TopicPartition& partition);  // "\0cursor/kawat.parsed/0"

// One line of text, "v1 1 4711 ...". Decode: DataLoss.
std::string EncodeCursor(const Cursor& cursor);
absl::StatusOr<Cursor> DecodeCursor(std::string_view text);

// The time of the newest record that a state has applied, of all its inputs; InfinitePast: none. DataLoss.
absl::StatusOr<absl::Time> NewestAppendTime(const state::Reader& state);

// `cursor` after `record` was applied.
Cursor Advance(const Cursor& cursor, const bus::Record& record);

// Whether the log still is the one that the cursor was written for. FailedPrecondition: it lacks the next offset, or
// has another record before it; says what to do. A record that compaction removed is no contradiction. Errors of the
// consumer are passed on.
absl::Status CheckCursor(std::string_view owner, const bus::TopicPartition& partition, const Cursor& cursor,
                         bus::Consumer& consumer);

}  // namespace kawat::pipeline
