// Metrics: counters, gauges and histograms in a Registry, written in Prometheus' text format. One Registry per process;
// services take it by reference. Names and meanings: docs/metrics.md.
//
//   const telemetry::Counter refused =
//       registry.GetCounter("kawat_dead_letters_total", "Records refused.", {{"stage", "parse"}});
//   refused.Add();
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace kawat::telemetry {

using Labels = std::map<std::string, std::string>;

// Handles: copied freely, valid as long as their Registry. Threads: any.
class Counter {
 public:
  void Add(double by = 1) const;  // not negative
  double value() const;

 private:
  friend class Registry;
  explicit Counter(prometheus::Counter& counter) : counter_(&counter) {}
  prometheus::Counter* counter_;
};

class Gauge {
 public:
  void Set(double value) const;
  void Set(absl::Time time) const;  // Unix seconds

 private:
  friend class Registry;
  explicit Gauge(prometheus::Gauge& gauge) : gauge_(&gauge) {}
  prometheus::Gauge* gauge_;
};

class Histogram {
 public:
  void Observe(double value) const;
  void Observe(absl::Duration duration) const;  // seconds

 private:
  friend class Registry;
  explicit Histogram(prometheus::Histogram& histogram) : histogram_(&histogram) {}
  prometheus::Histogram* histogram_;
};

// 0.1 ms to 60 s, about four a decade.
std::vector<double> SecondsBuckets();

// Threads: any.
class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // The same name and labels give the same metric. A name of two types or with forbidden characters ends the process.
  Counter GetCounter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge GetGauge(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram GetHistogram(const std::string& name, const std::string& help, const Labels& labels = {},
                         const std::vector<double>& buckets = SecondsBuckets());  // NOLINT(google-default-arguments)

  // `refresh` sets metrics that are asked for, not counted: it is called before each Render, one at a time, until what
  // is returned is destroyed (which waits for a call that runs). It must not be destroyed by a `refresh`, nor outlive
  // the registry.
  [[nodiscard]] std::shared_ptr<void> BeforeRender(std::function<void()> refresh);

  // Everything, in Prometheus' text format 0.0.4. The process's own are among it (process.cpp).
  std::string Render() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::shared_ptr<void> process_;  // before state_ goes
};

}  // namespace kawat::telemetry
