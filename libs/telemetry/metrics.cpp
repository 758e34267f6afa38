#include "telemetry/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <list>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/check.h"
#include "base/version.h"
#include "telemetry/process.h"

namespace kawat::telemetry {

void Counter::Add(double by) const { counter_->Increment(by); }
double Counter::value() const { return counter_->Value(); }

void Gauge::Set(double value) const { gauge_->Set(value); }
void Gauge::Set(absl::Time time) const { gauge_->Set(static_cast<double>(absl::ToUnixMillis(time)) / 1000); }

void Histogram::Observe(double value) const { histogram_->Observe(value); }
void Histogram::Observe(absl::Duration duration) const { histogram_->Observe(absl::ToDoubleSeconds(duration)); }

std::vector<double> SecondsBuckets() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60};
}

struct Registry::State {
  prometheus::Registry registry;
  absl::Mutex mutex;
  std::list<std::function<void()>> refreshes ABSL_GUARDED_BY(mutex);
};

Registry::Registry() : state_(std::make_unique<State>()) {
  GetGauge("kawat_build_info", "1, with the version of the program.", {{"version", std::string(base::kVersion)}})
      .Set(1);
  process_ = ObserveProcess(*this);
}
Registry::~Registry() = default;

namespace {

// prometheus-cpp throws for names that are not allowed: an error of ours, found by the first run.
template <class Make>
auto& OrEnd(Make make) {
  try {
    return make();
  } catch (const std::exception& exception) {
    KAWAT_CHECK(false, exception.what());
    throw;
  }
}

}  // namespace

Counter Registry::GetCounter(const std::string& name, const std::string& help, const Labels& labels) {
  return Counter(OrEnd([&]() -> auto& {
    return prometheus::BuildCounter()
        .Name(name)
        .Help(help)
        .Register(state_->registry)
        .Add({labels.begin(), labels.end()});
  }));
}

Gauge Registry::GetGauge(const std::string& name, const std::string& help, const Labels& labels) {
  return Gauge(OrEnd([&]() -> auto& {
    return prometheus::BuildGauge()
        .Name(name)
        .Help(help)
        .Register(state_->registry)
        .Add({labels.begin(), labels.end()});
  }));
}

Histogram Registry::GetHistogram(const std::string& name, const std::string& help, const Labels& labels,
                                 const std::vector<double>& buckets) {
  return Histogram(OrEnd([&]() -> auto& {
    return prometheus::BuildHistogram()
        .Name(name)
        .Help(help)
        .Register(state_->registry)
        .Add({labels.begin(), labels.end()}, buckets);
  }));
}

std::shared_ptr<void> Registry::BeforeRender(std::function<void()> refresh) {
  const absl::MutexLock lock(&state_->mutex);
  state_->refreshes.push_back(std::move(refresh));
  return {&state_->refreshes.back(), [state = state_.get(), place = std::prev(state_->refreshes.end())](void*) {
            const absl::MutexLock end(&state->mutex);
            state->refreshes.erase(place);
          }};
}

std::string Registry::Render() const {
  {
    const absl::MutexLock lock(&state_->mutex);
    for (const std::function<void()>& refresh : state_->refreshes) {
      refresh();
    }
  }
  return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace kawat::telemetry
