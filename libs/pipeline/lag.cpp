#include "pipeline/lag.h"

#include <algorithm>

#include "base/status.h"

namespace kawat::pipeline {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(1);

}  // namespace

void LagReports::ReportIfDue(bus::Consumer& consumer, std::map<bus::TopicPartition, Cursor>& cursors, absl::Time now,
                             StageObserver& observer) {
  if (now - last_ < kInterval) {
    return;
  }
  last_ = now;
  const std::vector<bus::Position> assigned = consumer.Assigned();
  ForgetLost(assigned, cursors, observer);
  for (const bus::Position& began : assigned) {
    const bus::TopicPartition partition{began.topic, began.partition};
    const auto found = cursors.find(partition);
    Cursor cursor = found == cursors.end() ? Cursor() : found->second;
    cursor.next = std::max(cursor.next, began.offset);
    if (!Report(consumer, partition, cursor, now, observer).ok()) {
      return;  // the log is away: asking for the others would only keep the loop waiting
    }
  }
}

void LagReports::ForgetLost(const std::vector<bus::Position>& assigned, std::map<bus::TopicPartition, Cursor>& cursors,
                            StageObserver& observer) {
  std::erase_if(caught_up_, [&](const auto& entry) {
    const bus::TopicPartition& partition = entry.first;
    if (std::any_of(assigned.begin(), assigned.end(), [&partition](const bus::Position& position) {
          return position.topic == partition.topic && position.partition == partition.partition;
        })) {
      return false;
    }
    cursors.erase(partition);
    observer.OnLag(partition, 0, absl::ZeroDuration());
    return true;
  });
}

absl::Status LagReports::Report(bus::Consumer& consumer, const bus::TopicPartition& partition, const Cursor& cursor,
                                absl::Time now, StageObserver& observer) {
  KAWAT_ASSIGN_OR_RETURN(const bus::OffsetRange range, consumer.Range(partition));
  const std::int64_t unread = std::max<std::int64_t>(0, range.end - cursor.next);
  const auto found = caught_up_.find(partition);
  absl::Time caught_up = now;
  if (unread > 0 && found != caught_up_.end()) {
    caught_up = found->second;
  } else if (unread > 0) {  // this process has not seen it caught up; since when it is behind, the log knows
    KAWAT_ASSIGN_OR_RETURN(const std::optional<bus::Record> oldest, consumer.ReadAt(partition, cursor.next));
    caught_up = oldest.has_value() ? oldest->append_time : cursor.has_record ? absl::InfinitePast() : now;
  }
  caught_up_[partition] = caught_up;
  // The oldest unread record came after the last one applied, and after the moment when none was unread.
  const absl::Time since =
      cursor.has_record ? std::max(caught_up, absl::FromUnixMillis(cursor.append_time_ms)) : caught_up;
  observer.OnLag(partition, unread, unread == 0 ? absl::ZeroDuration() : std::max(absl::ZeroDuration(), now - since));
  return absl::OkStatus();
}

}  // namespace kawat::pipeline
