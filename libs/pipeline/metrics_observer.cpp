#include "pipeline/metrics_observer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "telemetry/log.h"

namespace kawat::pipeline {
namespace {

telemetry::Histogram Phase(telemetry::Registry& registry, const std::string& stage, const std::string& phase) {
  return registry.GetHistogram(
      "kawat_stage_seconds",
      "Time a batch of records spent in a phase: queue (newest record, from append to poll), apply, send, commit.",
      {{"stage", stage}, {"phase", phase}}, telemetry::SecondsBuckets());
}

}  // namespace

MetricsObserver::MetricsObserver(std::string stage, telemetry::Registry& registry)
    : stage_(std::move(stage)),
      registry_(registry),
      queue_(Phase(registry, stage_, "queue")),
      apply_(Phase(registry, stage_, "apply")),
      send_(Phase(registry, stage_, "send")),
      commit_(Phase(registry, stage_, "commit")),
      last_progress_(registry.GetGauge("kawat_last_progress_timestamp_seconds", "When a batch was last committed.",
                                       {{"stage", stage_}})) {
  for (const article::Reason reason : article::kDeadLetterReasons) {
    DeadLetters(reason);
  }
  refresh_ = registry_.BeforeRender([this] { ShowLag(); });
}

telemetry::Counter MetricsObserver::DeadLetters(article::Reason reason) {
  return registry_.GetCounter("kawat_dead_letters_total", "Records that a stage refused.",
                              {{"stage", stage_}, {"reason", std::string(article::Name(reason))}});
}

void MetricsObserver::OnSent(const std::string& topic, std::size_t records, std::size_t bytes) {
  Count({.topic = topic, .records = records, .bytes = bytes}, "out");
}

void MetricsObserver::OnBatch(const BatchReport& report) {
  for (const BatchReport::Topic& topic : report.read) {
    Count(topic, "in");
  }
  for (const BatchReport::Topic& topic : report.sent) {
    Count(topic, "out");
  }
  const absl::Time now = base::SystemClock().Now();
  if (report.records_in > 0) {
    const absl::Duration inside = report.apply + report.send + report.commit;
    queue_.Observe(std::max(absl::ZeroDuration(), now - report.newest_append_time - inside));
  }
  apply_.Observe(report.apply);
  send_.Observe(report.send);
  commit_.Observe(report.commit);
  last_progress_.Set(now);
}

void MetricsObserver::OnDeadLetter(article::Reason reason, const bus::Origin& origin, std::string_view detail) {
  DeadLetters(reason).Add();
  telemetry::Warn("refused a record", {{"stage", stage_},
                                       {"origin", bus::FormatOrigin(origin)},
                                       {"reason", article::Name(reason)},
                                       {"detail", detail}});
}

void MetricsObserver::OnLag(const std::string& owner, const bus::TopicPartition& partition, std::int64_t records,
                            absl::Time since) {
  const absl::MutexLock lock(&mutex_);
  auto found = lag_.find(partition);
  if (found == lag_.end()) {
    const telemetry::Labels labels = {
        {"stage", stage_}, {"topic", partition.topic}, {"partition", absl::StrCat(partition.partition)}};
    found = lag_.emplace(partition,
                         Lag{registry_.GetGauge("kawat_consumer_lag_records", "Records not yet applied.", labels),
                             registry_.GetGauge("kawat_consumer_lag_seconds",
                                                "How long the oldest record not yet applied has waited; 0: none waits.",
                                                labels),
                             {}})
                .first;
  }
  found->second.readings[owner] = {records, since};
}

void MetricsObserver::ShowLag() {
  const absl::Time now = base::SystemClock().Now();
  const absl::MutexLock lock(&mutex_);
  for (const auto& [partition, lag] : lag_) {
    std::int64_t records = 0;
    absl::Time since = now;
    for (const auto& [owner, reading] : lag.readings) {
      records = std::max(records, reading.records);
      since = std::min(since, reading.since);
    }
    lag.records.Set(static_cast<double>(records));
    lag.seconds.Set(absl::ToDoubleSeconds(now - since));
  }
}

void MetricsObserver::Count(const BatchReport::Topic& topic, const std::string& direction) {
  const absl::MutexLock lock(&mutex_);
  const std::pair key(topic.topic, direction);
  auto found = traffic_.find(key);
  if (found == traffic_.end()) {
    const telemetry::Labels labels = {{"stage", stage_}, {"topic", topic.topic}, {"direction", direction}};
    found =
        traffic_
            .emplace(
                key,
                Traffic{registry_.GetCounter("kawat_topic_records_total", "Records read (in) and sent (out).", labels),
                        registry_.GetCounter("kawat_topic_bytes_total", "Bytes read (in) and sent (out).", labels)})
            .first;
  }
  found->second.records.Add(static_cast<double>(topic.records));
  found->second.bytes.Add(static_cast<double>(topic.bytes));
}

}  // namespace kawat::pipeline
