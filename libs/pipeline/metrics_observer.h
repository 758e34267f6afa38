// A StageObserver that keeps the metrics of docs/metrics.md and logs dead letters. One for all runners of a stage.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "pipeline/stage_runner.h"
#include "telemetry/metrics.h"

namespace kawat::pipeline {

// Threads: any.
class MetricsObserver final : public StageObserver {
 public:
  // `registry` must outlive it.
  MetricsObserver(std::string stage, telemetry::Registry& registry);

  void OnBatch(const BatchReport& report) override;
  void OnDeadLetter(article::Reason reason, const bus::Origin& origin, std::string_view detail) override;
  // Where several runners read a partition (kawat.sources), the worst is shown.
  void OnLag(const std::string& owner, const bus::TopicPartition& partition, std::int64_t records,
             absl::Time since) override;

  // Records that were sent to `topic` beside the runners.
  void OnSent(const std::string& topic, std::size_t records, std::size_t bytes);

 private:
  struct Traffic {
    telemetry::Counter records;
    telemetry::Counter bytes;
  };
  struct Reading {
    std::int64_t records = 0;
    absl::Time since;
  };
  struct Lag {
    telemetry::Gauge records;
    telemetry::Gauge seconds;
    std::map<std::string, Reading> readings;  // by owner
  };
  void ShowLag();  // as of now: what waits goes on waiting while a loop stands still
  telemetry::Counter DeadLetters(article::Reason reason);
  void Count(const BatchReport::Topic& topic, const std::string& direction);

  const std::string stage_;
  telemetry::Registry& registry_;
  const telemetry::Histogram queue_;
  const telemetry::Histogram apply_;
  const telemetry::Histogram send_;
  const telemetry::Histogram commit_;
  const telemetry::Gauge last_progress_;
  absl::Mutex mutex_;
  std::map<std::pair<std::string, std::string>, Traffic> traffic_ ABSL_GUARDED_BY(mutex_);
  std::map<bus::TopicPartition, Lag> lag_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<void> refresh_;  // last: uses all of the above
};

}  // namespace kawat::pipeline
