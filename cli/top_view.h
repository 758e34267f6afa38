// What `kawat top` shows, from two looks at the services' metrics.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "cli/top_metrics.h"

namespace kawat::cli {

// One process's metrics. Several addresses may show the same one (`kawat up`).
struct ProcessMetrics {
  std::vector<std::string> addresses;
  absl::Time when;
  std::vector<Sample> samples;
};

// One look at all of them.
struct Look {
  std::vector<ProcessMetrics> processes;
  std::vector<std::pair<std::string, std::string>> silent;  // address, why it does not answer
};

// Adds what `address` showed; as a further address of a process that is there already (the same
// process_start_time_seconds), so that nothing counts twice.
void Add(Look& look, const std::string& address, absl::Time when, std::vector<Sample> samples);

struct Rate {
  double total = 0;       // since the processes' start
  double per_second = 0;  // between the looks
};

struct Traffic {
  Rate records, bytes;
};

struct Quantiles {  // seconds; nullopt: nothing happened between the looks
  std::optional<double> p50, p99;
};

struct ReaderView {  // a stage's way through a topic
  double lag_records = 0;
  double lag_seconds = 0;            // of its worst partition
  double trend = 0;                  // records a second by which the lag grows
  std::optional<double> drained_in;  // seconds, if it shrinks
};

struct TopicView {
  Traffic in, out;  // written into it, read from it
  std::map<std::string, ReaderView> readers;
};

struct StageView {
  std::map<std::string, Quantiles> phases;
  std::optional<double> idle_s;  // since its last batch; nullopt: there was none
};

struct SourceView {
  Rate good, failed;                       // URLs: failure, disallowed, dead_letter are failed
  std::optional<double> newest_article_s;  // since it was observed
};

struct ProcessView {
  std::vector<std::string> stages;  // that run in it; none: the portal's
  std::vector<std::string> addresses;
  double cpus = 0;  // in use
  double resident_bytes = 0;
  double open_files = 0;
  double disk_free_bytes = 0, disk_size_bytes = 0;  // of the data folder's disk; 0: not known
};

struct View {
  absl::Time when;
  double seconds = 0;  // between the looks
  std::vector<ProcessView> processes;
  std::vector<std::pair<std::string, std::string>> silent;
  std::map<std::string, TopicView> topics;
  std::map<std::string, StageView> stages;
  Quantiles end_to_end;
  std::map<std::string, Rate> outcomes;
  std::map<std::pair<std::string, std::string>, Rate> dead_letters;  // stage, reason
  std::map<std::string, SourceView> sources;
};

// A counter that fell counts from zero: its process was started again. One that only the later look has counts nothing,
// unless its process was there before.
View Compare(const Look& before, const Look& after);

}  // namespace kawat::cli
