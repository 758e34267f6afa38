#include "pipeline/cursor.h"

#include <algorithm>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"

namespace kawat::pipeline {
namespace {

absl::Status Contradiction(std::string_view owner, const bus::TopicPartition& partition, std::string_view what) {
  return absl::FailedPreconditionError(
      absl::StrCat(std::string(owner), ": ", partition.topic, "/", partition.partition,
                   " is not the log that this shard's state was made from: ", std::string(what),
                   ". Nothing was changed. Bring the topic back, or a backup of the shard's folder that fits this log. "
                   "Without either, what the log no longer has is lost to this service: `kawat shard accept-log ",
                   std::string(owner), "` says what that is, and goes on from what there is"));
}

}  // namespace

std::string OwnerKey() { return absl::StrCat(std::string(kReservedPrefix), "owner"); }

std::string CursorKey(const bus::TopicPartition& partition) {
  return absl::StrCat(std::string(kCursorPrefix), partition.topic, "/", partition.partition);
}

std::string EncodeCursor(const Cursor& cursor) {
  return absl::StrCat("v1 ", cursor.log_epoch, " ", cursor.next, " ", cursor.has_record ? 1 : 0, " ",
                      cursor.append_time_ms, " ", cursor.checksum, " ", cursor.time_ms);
}

absl::StatusOr<Cursor> DecodeCursor(std::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(std::string(text), ' ');
  Cursor cursor;
  int has_record = 0;
  if (parts.size() != 7 || parts[0] != "v1" || !absl::SimpleAtoi(parts[1], &cursor.log_epoch) ||
      !absl::SimpleAtoi(parts[2], &cursor.next) || !absl::SimpleAtoi(parts[3], &has_record) ||
      !absl::SimpleAtoi(parts[4], &cursor.append_time_ms) || !absl::SimpleAtoi(parts[5], &cursor.checksum) ||
      !absl::SimpleAtoi(parts[6], &cursor.time_ms) || cursor.next < 0) {
    return absl::DataLossError("the shard's stored offset is not readable; restore the shard's folder from a backup");
  }
  cursor.has_record = has_record == 1;
  return cursor;
}

absl::StatusOr<absl::Time> NewestAppendTime(const state::Reader& state) {
  absl::Time newest = absl::InfinitePast();
  absl::Status damage;
  KAWAT_RETURN_IF_ERROR(state.Scan(kCursorPrefix, "", [&](std::string_view, std::string_view value) {
    const absl::StatusOr<Cursor> cursor = DecodeCursor(value);
    damage = cursor.status();
    if (cursor.ok() && cursor->has_record) {
      newest = std::max(newest, absl::FromUnixMillis(cursor->time_ms));
    }
    return cursor.ok();
  }));
  KAWAT_RETURN_IF_ERROR(damage);
  return newest;
}

Cursor Advance(const Cursor& cursor, const bus::Record& record) {
  Cursor next = cursor;
  next.next = record.offset + 1;
  next.has_record = true;
  next.append_time_ms = absl::ToUnixMillis(record.append_time);
  next.checksum = bus::Checksum(record);
  next.time_ms = std::max(cursor.time_ms, next.append_time_ms);
  return next;
}

absl::Status CheckCursor(std::string_view owner, const bus::TopicPartition& partition, const Cursor& cursor,
                         bus::Consumer& consumer) {
  KAWAT_ASSIGN_OR_RETURN(const bus::OffsetRange range, consumer.Range(partition));
  if (cursor.next < range.start) {
    return Contradiction(owner, partition,
                         absl::StrCat("it wants to go on at offset ", cursor.next, ", but the log begins at ",
                                      range.start, ": records were deleted before they were read"));
  }
  if (cursor.next > range.end) {
    return Contradiction(owner, partition,
                         absl::StrCat("it wants to go on at offset ", cursor.next, ", but the log ends at ", range.end,
                                      ": the topic was made anew or cut"));
  }
  if (!cursor.has_record) {
    return absl::OkStatus();
  }
  KAWAT_ASSIGN_OR_RETURN(const std::optional<bus::Record> last, consumer.ReadAt(partition, cursor.next - 1));
  if (last.has_value() &&
      (bus::Checksum(*last) != cursor.checksum || absl::ToUnixMillis(last->append_time) != cursor.append_time_ms)) {
    return Contradiction(owner, partition,
                         absl::StrCat("at offset ", cursor.next - 1,
                                      " stands another record than the one it has applied: the topic was made anew"));
  }
  return absl::OkStatus();
}

}  // namespace kawat::pipeline
