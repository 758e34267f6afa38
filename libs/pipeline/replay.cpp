#include "pipeline/replay.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"

namespace kawat::pipeline {
namespace {

constexpr absl::Duration kPatience = absl::Milliseconds(200);
constexpr int kMostTries = 150;

absl::StatusOr<std::vector<bus::Record>> PollPatiently(bus::Consumer& consumer) {
  for (int tries = 1;; ++tries) {
    absl::StatusOr<std::vector<bus::Record>> polled = consumer.Poll({.patience = kPatience});
    if (polled.ok() || !absl::IsUnavailable(polled.status()) || tries == kMostTries) {
      return polled;
    }
    absl::SleepFor(kPatience);
  }
}

}  // namespace

absl::StatusOr<std::int64_t> AfterLastRecord(const bus::TopicPartition& partition, bus::Consumer& consumer) {
  KAWAT_ASSIGN_OR_RETURN(const bus::OffsetRange range, consumer.Range(partition));
  for (std::int64_t offset = range.end; offset > range.start; --offset) {
    KAWAT_ASSIGN_OR_RETURN(const std::optional<bus::Record> record, consumer.ReadAt(partition, offset - 1));
    if (record.has_value()) {
      return offset;
    }
  }
  return range.start;
}

absl::Status ReadThrough(const bus::TopicPartition& partition, std::int64_t from, std::int64_t to,
                         bus::Consumer& consumer, const std::function<absl::Status(const bus::Record&)>& visit) {
  if (from >= to) {
    return absl::OkStatus();
  }
  const std::vector<bus::Position> positions = {{partition.topic, partition.partition, from}};
  KAWAT_RETURN_IF_ERROR(consumer.Assign(positions));
  for (std::int64_t next = from; next < to;) {
    KAWAT_ASSIGN_OR_RETURN(const std::vector<bus::Record> records, PollPatiently(consumer));
    for (const bus::Record& record : records) {
      if (record.offset < to) {
        KAWAT_RETURN_IF_ERROR(visit(record));
      }
      next = record.offset + 1;
    }
    if (records.empty()) {
      KAWAT_ASSIGN_OR_RETURN(const std::optional<bus::Record> last, consumer.ReadAt(partition, to - 1));
      if (!last.has_value()) {
        return absl::UnavailableError(absl::StrCat(partition.topic, "/", partition.partition,
                                                   " lost its last record while it was read; try again"));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace kawat::pipeline
