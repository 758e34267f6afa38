#include "pipeline/lag.h"

#include <algorithm>
#include <optional>

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
  std::vector<Lag> lags;
  for (const bus::Position& began : assigned) {
    const bus::TopicPartition partition{began.topic, began.partition};
    const auto found = cursors.find(partition);
    Cursor cursor = found == cursors.end() ? Cursor() : found->second;
    cursor.next = std::max(cursor.next, began.offset);
    absl::StatusOr<Lag> lag = Measure(consumer, partition, cursor, now);
    if (!lag.ok()) {
      break;  // the log is away: asking for the others would only keep the loop waiting
    }
    lags.push_back(*std::move(lag));
  }
  MakeTheWorstExact(consumer, lags, now);
  for (const Lag& lag : lags) {
    Tell(lag, observer);
  }
}

void LagReports::Tell(const Lag& lag, StageObserver& observer) {
  if (lag.records > 0) {
    behind_[lag.partition] = lag;
  } else {
    behind_.erase(lag.partition);
  }
  observer.OnLag(owner_, lag.partition, lag.records, lag.since);
}

void LagReports::NoteApplied(const std::map<bus::TopicPartition, Cursor>& cursors, StageObserver& observer) {
  std::vector<Lag> moved;
  for (const auto& [partition, lag] : behind_) {
    const auto found = cursors.find(partition);
    if (found == cursors.end() || found->second.next <= lag.next) {
      continue;
    }
    Lag now = lag;
    now.records = std::max<std::int64_t>(0, lag.next + lag.records - found->second.next);
    now.next = found->second.next;
    now.since = now.records == 0 ? absl::InfiniteFuture()
                                 : std::max(lag.since, absl::FromUnixMillis(found->second.append_time_ms));
    moved.push_back(std::move(now));
  }
  for (const Lag& lag : moved) {
    Tell(lag, observer);
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
    oldest_.erase(partition);
    behind_.erase(partition);
    observer.OnLag(owner_, partition, 0, absl::InfiniteFuture());
    return true;
  });
}

absl::StatusOr<LagReports::Lag> LagReports::Measure(bus::Consumer& consumer, const bus::TopicPartition& partition,
                                                    const Cursor& cursor, absl::Time now) {
  KAWAT_ASSIGN_OR_RETURN(const bus::OffsetRange range, consumer.Range(partition));
  Lag lag{.partition = partition, .next = cursor.next, .records = std::max<std::int64_t>(0, range.end - cursor.next)};
  if (lag.records == 0) {
    caught_up_[partition] = now;
    return lag;
  }
  if (const auto read = oldest_.find(partition); read != oldest_.end() && read->second.first == lag.next) {
    lag.since = read->second.second;
    return lag;
  }
  if (!caught_up_.contains(
          partition)) {  // this process has not seen it caught up; since when it is behind, the log knows
    const absl::Time otherwise = cursor.has_record ? absl::InfinitePast() : now;
    KAWAT_ASSIGN_OR_RETURN(caught_up_[partition], Oldest(consumer, partition, lag.next, otherwise));
  }
  // The oldest unread record came after the last one applied, and after the moment when none was unread.
  lag.since = caught_up_[partition];
  if (cursor.has_record) {
    lag.since = std::max(lag.since, absl::FromUnixMillis(cursor.append_time_ms));
  }
  lag.since = std::min(lag.since, now);
  const auto read = oldest_.find(partition);
  lag.exact = read != oldest_.end() && read->second.first == lag.next;
  return lag;
}

absl::StatusOr<absl::Time> LagReports::Oldest(bus::Consumer& consumer, const bus::TopicPartition& partition,
                                              std::int64_t next, absl::Time otherwise) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<bus::Record> oldest, consumer.ReadAt(partition, next));
  if (!oldest.has_value()) {  // compacted away
    return otherwise;
  }
  oldest_[partition] = {next, oldest->append_time};
  return oldest->append_time;
}

// Between the last record applied and the oldest one unread may lie any time. One is read a second, of the partition
// that seems to be worst: a record may be large.
void LagReports::MakeTheWorstExact(bus::Consumer& consumer, std::vector<Lag>& lags, absl::Time now) {
  const auto rank = [](const Lag& lag) { return lag.exact ? absl::InfiniteFuture() : lag.since; };
  const auto worst = std::min_element(lags.begin(), lags.end(),
                                      [&](const Lag& left, const Lag& right) { return rank(left) < rank(right); });
  if (worst == lags.end() || worst->exact || now - worst->since < kInterval) {
    return;
  }
  if (const auto since = Oldest(consumer, worst->partition, worst->next, worst->since); since.ok()) {
    worst->since = *since;
  }
}

}  // namespace kawat::pipeline
