#include "cli/top_view.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string_view>

namespace kawat::cli {
namespace {

constexpr std::string_view kProcess = "process_start_time_seconds";

// Only one process has it.
double IdOf(const std::vector<Sample>& samples) {
  const auto found =
      std::find_if(samples.begin(), samples.end(), [](const Sample& sample) { return sample.name == kProcess; });
  return found == samples.end() ? 0 : found->value;
}

using SeriesKey = std::pair<std::string, std::map<std::string, std::string, std::less<>>>;

// One process at the two looks.
class Pair {
 public:
  Pair(const ProcessMetrics* before, const ProcessMetrics& after)
      : known_(before != nullptr), seconds_(known_ ? absl::ToDoubleSeconds(after.when - before->when) : 0) {
    if (known_) {
      for (const Sample& sample : before->samples) {
        values_.emplace(SeriesKey(sample.name, sample.labels), sample.value);
      }
    }
  }

  double Before(const Sample& sample, double otherwise) const {
    const auto found = values_.find({sample.name, sample.labels});
    return found == values_.end() ? otherwise : found->second;
  }
  double Increase(const Sample& sample) const {
    if (!known_) {
      return 0;
    }
    const double before = Before(sample, 0);
    return sample.value >= before ? sample.value - before : sample.value;
  }
  double PerSecond(double change) const { return seconds_ > 0 ? change / seconds_ : 0; }
  bool known() const { return known_; }

 private:
  bool known_;
  double seconds_;
  std::map<SeriesKey, double> values_;
};

using Buckets = std::map<double, double>;  // upper bound → observations up to it, between the looks

std::optional<double> QuantileOf(const Buckets& buckets, double quantile) {
  if (buckets.empty() || buckets.rbegin()->second <= 0) {
    return std::nullopt;
  }
  const double wanted = quantile * buckets.rbegin()->second;
  double lower = 0;
  double below = 0;
  for (const auto& [bound, count] : buckets) {
    if (count >= wanted) {
      return std::isinf(bound) || count <= below ? lower : lower + (bound - lower) * (wanted - below) / (count - below);
    }
    lower = bound;
    below = count;
  }
  return lower;
}

Quantiles QuantilesOf(const Buckets& buckets) { return {QuantileOf(buckets, 0.5), QuantileOf(buckets, 0.99)}; }

struct PartitionLag {
  double records = 0, before = 0, seconds = 0;
};

// Gathers the samples of all processes into a view.
class Gatherer {
 public:
  explicit Gatherer(View& view) : view_(view) {}

  void Take(const Sample& sample, const Pair& pair, ProcessView& process) {
    const std::string& name = sample.name;
    if (name == "kawat_topic_records_total" || name == "kawat_topic_bytes_total") {
      TopicView& topic = view_.topics[sample.Label("topic")];
      Traffic& traffic = sample.Label("direction") == "out" ? topic.in : topic.out;
      Count(name == "kawat_topic_bytes_total" ? traffic.bytes : traffic.records, sample, pair);
    } else if (name == "kawat_page_outcomes_total") {
      Count(view_.outcomes[sample.Label("outcome")], sample, pair);
    } else if (name == "kawat_dead_letters_total") {
      Count(view_.dead_letters[{sample.Label("stage"), sample.Label("reason")}], sample, pair);
    } else if (name == "kawat_source_outcomes_total") {
      SourceView& source = view_.sources[sample.Label("source")];
      const std::string outcome = sample.Label("outcome");
      const bool failed = outcome == "failure" || outcome == "disallowed" || outcome == "dead_letter";
      Count(failed ? source.failed : source.good, sample, pair);
    } else if (name == "kawat_stage_seconds_bucket") {
      Add(phases_[{sample.Label("stage"), sample.Label("phase")}], sample, pair);
    } else if (name == "kawat_end_to_end_seconds_bucket") {
      Add(end_to_end_, sample, pair);
    } else {
      TakeGauge(sample, pair, process);
    }
  }

  void End() {
    for (const auto& [key, buckets] : phases_) {
      view_.stages[key.first].phases[key.second] = QuantilesOf(buckets);
    }
    view_.end_to_end = QuantilesOf(end_to_end_);
    for (const auto& [key, partitions] : lags_) {
      ReaderView& reader = view_.topics[key.first].readers[key.second];
      double before = 0;
      for (const auto& [partition, lag] : partitions) {
        reader.lag_records += lag.records;
        before += lag.before;
        reader.lag_seconds = std::max(reader.lag_seconds, lag.seconds);
      }
      reader.trend = view_.seconds > 0 ? (reader.lag_records - before) / view_.seconds : 0;
      if (reader.trend < 0 && reader.lag_records > 0) {
        reader.drained_in = reader.lag_records / -reader.trend;
      }
    }
  }

 private:
  static void Count(Rate& rate, const Sample& sample, const Pair& pair) {
    rate.total += sample.value;
    rate.per_second += pair.PerSecond(pair.Increase(sample));
  }
  static void Add(Buckets& buckets, const Sample& sample, const Pair& pair) {
    double bound = std::numeric_limits<double>::infinity();
    if (const std::string text = sample.Label("le"); text != "+Inf") {
      bound = std::strtod(text.c_str(), nullptr);
    }
    buckets[bound] += pair.Increase(sample);
  }
  double Since(double unix_seconds) const {
    return absl::ToDoubleSeconds(view_.when - absl::UnixEpoch()) - unix_seconds;
  }

  void TakeGauge(const Sample& sample, const Pair& pair, ProcessView& process) {
    const std::string& name = sample.name;
    if (name == "kawat_consumer_lag_records" || name == "kawat_consumer_lag_seconds") {
      // A partition of a group that has moved: its last owner says 0.
      PartitionLag& lag = lags_[{sample.Label("topic"), sample.Label("stage")}][sample.Label("partition")];
      if (name == "kawat_consumer_lag_seconds") {
        lag.seconds = std::max(lag.seconds, sample.value);
      } else {
        lag.records = std::max(lag.records, sample.value);
        lag.before = std::max(lag.before, pair.Before(sample, sample.value));
      }
    } else if (name == "kawat_last_progress_timestamp_seconds") {
      process.stages.push_back(sample.Label("stage"));
      std::optional<double>& idle = view_.stages[sample.Label("stage")].idle_s;
      if (const double here = Since(sample.value); sample.value > 0) {
        idle = std::max(0.0, std::min(idle.value_or(here), here));
      }
    } else if (name == "kawat_source_newest_article_timestamp_seconds") {
      std::optional<double>& newest = view_.sources[sample.Label("source")].newest_article_s;
      newest = std::min(newest.value_or(Since(sample.value)), Since(sample.value));
    } else if (name == "process_cpu_seconds_total") {
      process.cpus = pair.PerSecond(pair.Increase(sample));
    } else if (name == "process_resident_memory_bytes") {
      process.resident_bytes = sample.value;
    } else if (name == "process_open_fds") {
      process.open_files = sample.value;
    } else if (name == "kawat_disk_free_bytes") {
      process.disk_free_bytes = sample.value;
    } else if (name == "kawat_disk_size_bytes") {
      process.disk_size_bytes = sample.value;
    }
  }

  View& view_;
  std::map<std::pair<std::string, std::string>, Buckets> phases_;  // stage, phase
  Buckets end_to_end_;
  std::map<std::pair<std::string, std::string>, std::map<std::string, PartitionLag>> lags_;  // topic, stage
};

}  // namespace

void Add(Look& look, const std::string& address, absl::Time when, std::vector<Sample> samples) {
  const double id = IdOf(samples);
  const auto same = std::find_if(look.processes.begin(), look.processes.end(),
                                 [id](const ProcessMetrics& process) { return id > 0 && IdOf(process.samples) == id; });
  if (same != look.processes.end()) {
    same->addresses.push_back(address);
  } else {
    look.processes.push_back({.addresses = {address}, .when = when, .samples = std::move(samples)});
  }
}

View Compare(const Look& before, const Look& after) {
  View view{.silent = after.silent};
  std::vector<Pair> pairs;
  for (const ProcessMetrics& process : after.processes) {
    const double id = IdOf(process.samples);
    const auto same = std::find_if(before.processes.begin(), before.processes.end(), [&](const ProcessMetrics& other) {
      return id > 0 ? IdOf(other.samples) == id : other.addresses == process.addresses;
    });
    pairs.emplace_back(same == before.processes.end() ? nullptr : &*same, process);
    view.when = std::max(view.when, process.when);
    if (same != before.processes.end()) {
      view.seconds = std::max(view.seconds, absl::ToDoubleSeconds(process.when - same->when));
    }
  }
  Gatherer gatherer(view);
  for (std::size_t i = 0; i < after.processes.size(); ++i) {
    ProcessView& process = view.processes.emplace_back(ProcessView{.addresses = after.processes[i].addresses});
    for (const Sample& sample : after.processes[i].samples) {
      gatherer.Take(sample, pairs[i], process);
    }
  }
  gatherer.End();
  return view;
}

}  // namespace kawat::cli
