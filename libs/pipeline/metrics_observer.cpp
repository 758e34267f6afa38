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
                                       {{"stage", stage_}})) {}

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
  const std::string name(article::Name(reason));
  registry_
      .GetCounter("kawat_dead_letters_total", "Records that a stage refused.", {{"stage", stage_}, {"reason", name}})
      .Add();
  telemetry::Warn("refused a record",
                  {{"stage", stage_}, {"origin", bus::FormatOrigin(origin)}, {"reason", name}, {"detail", detail}});
}

void MetricsObserver::OnLag(const bus::TopicPartition& partition, std::int64_t records, absl::Duration waited) {
  const absl::MutexLock lock(&mutex_);
  auto found = lag_.find(partition);
  if (found == lag_.end()) {
    const telemetry::Labels labels = {
        {"stage", stage_}, {"topic", partition.topic}, {"partition", absl::StrCat(partition.partition)}};
    found =
        lag_.emplace(partition,
                     Lag{registry_.GetGauge("kawat_consumer_lag_records", "Records not yet applied.", labels),
                         registry_.GetGauge(
                             "kawat_consumer_lag_seconds",
                             "How long the oldest record not yet applied has waited at most; 0: none waits.", labels)})
            .first;
  }
  found->second.records.Set(static_cast<double>(records));
  found->second.seconds.Set(absl::ToDoubleSeconds(waited));
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
