// What "nothing lost, nothing twice" costs: articles a second from the first Apply until all are searchable, with the
// real StageRunner and with one that promises nothing (loose_runner.h), in turns, over the embedded log and over Kafka
// (the broker at $KAWAT_TEST_KAFKA, else one of its own). "pages": parse, dedupe, store and its index; "parsed":
// without parse. The CPU time an article takes tells the same on a busy machine. Prints a line of JSON for each pair of
// runs and medians at the end; asserts nothing.
//   exactly_once_bench [RUNS [ARTICLES [embedded|kafka]]]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/shutdown.h"
#include "bus/embedded/embedded_bus.h"
#include "bus/kafka/kafka.h"
#include "tests/bench/pipeline/line.h"
#include "tests/bench/pipeline/renamed_bus.h"
#include "tests/support/kafka/broker.h"
#include "tests/support/temp_folder.h"

namespace kawat::bench {
namespace {

void Fill(bus::Bus& bus, const std::vector<bus::Record>& records) {
  KAWAT_CHECK(bus.CreateMissingTopics(bus::Topics(kPartitions, 1)).ok(), "no topics");
  const auto producer = *bus.NewProducer();
  KAWAT_CHECK(producer->Send(records).ok() && producer->Flush(absl::Minutes(1)).ok(), "the input was not stored");
}

// One run of the line over a log of its own.
Result RunOnce(bus::Bus* kafka, Input input, const std::vector<bus::Record>& records, bool exact) {
  static int runs = 0;
  const support::TempFolder folder;
  std::unique_ptr<bus::Bus> bus;
  if (kafka == nullptr) {
    bus = *bus::OpenEmbedded(folder.path() / "log", base::SystemClock());
  } else {
    bus = std::make_unique<RenamedBus>(*kafka, support::UniqueName(absl::StrCat("run", ++runs)) + ".");
  }
  Fill(*bus, records);
  return RunLine(*bus, folder.path(), input, static_cast<int>(records.size()), exact);
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void Compare(const char* bus_name, bus::Bus* kafka, Input input, int runs, int count) {
  const char* const input_name = input == Input::kPages ? "pages" : "parsed";
  const std::vector<bus::Record> records = MakeInput(input, count, 1);
  std::vector<double> exact_rates;
  std::vector<double> loose_rates;
  std::vector<double> ratios;
  std::vector<double> cpu_ratios;
  std::map<std::string, Shares> shares;
  for (int run = 0; run < runs; ++run) {
    double rates[2] = {};
    double cpu_ms[2] = {};  // an article
    for (const bool exact : {run % 2 == 0, run % 2 != 0}) {
      const Result result = RunOnce(kafka, input, records, exact);
      rates[exact ? 1 : 0] = count / absl::ToDoubleSeconds(result.time);
      cpu_ms[exact ? 1 : 0] = absl::ToDoubleMilliseconds(result.cpu) / count;
      shares = exact ? result.shares : shares;
    }
    loose_rates.push_back(rates[0]);
    exact_rates.push_back(rates[1]);
    ratios.push_back(rates[1] / rates[0]);
    cpu_ratios.push_back(cpu_ms[0] / cpu_ms[1]);
    std::printf(R"({"bench":"exactly_once","bus":"%s","input":"%s","exactly_once":%.0f,"neither":%.0f,"ratio":%.3f,)"
                R"("cpu_ms":{"exactly_once":%.2f,"neither":%.2f},"cpu_ratio":%.3f})"
                "\n",
                bus_name, input_name, rates[1], rates[0], ratios.back(), cpu_ms[1], cpu_ms[0], cpu_ratios.back());
    std::fflush(stdout);
  }
  std::printf(R"({"bench":"exactly_once","bus":"%s","input":"%s","median":{"exactly_once":%.0f,"neither":%.0f},)"
              R"("ratio":%.3f,"from":%.3f,"to":%.3f,"cpu_ratio":%.3f)",
              bus_name, input_name, Median(exact_rates), Median(loose_rates), Median(ratios),
              *std::min_element(ratios.begin(), ratios.end()), *std::max_element(ratios.begin(), ratios.end()),
              Median(cpu_ratios));
  for (const auto& [stage, share] : shares) {
    std::printf(R"(,"%s":{"batches":%d,"apply_ms":%.0f,"send_ms":%.0f,"commit_ms":%.0f})", stage.c_str(), share.batches,
                absl::ToDoubleMilliseconds(share.apply), absl::ToDoubleMilliseconds(share.send),
                absl::ToDoubleMilliseconds(share.commit));
  }
  std::printf("}\n");
}

void Main(int runs, int count, const std::string& only) {
  if (only != "kafka") {
    Compare("embedded", nullptr, Input::kPages, runs, count);
    Compare("embedded", nullptr, Input::kParsed, runs, count);
  }
  if (only == "embedded") {
    return;
  }
  const absl::StatusOr<std::string> broker = support::SharedKafka();
  if (!broker.ok()) {
    std::fprintf(stderr, "not on Kafka: %s\n", broker.status().ToString().c_str());
    return;
  }
  const base::Shutdown shutdown;
  const auto kafka = *bus::OpenKafka({.brokers = *broker}, shutdown, absl::Minutes(1));
  Compare("kafka", kafka.get(), Input::kPages, runs, count);
  Compare("kafka", kafka.get(), Input::kParsed, runs, count);
}

}  // namespace
}  // namespace kawat::bench

int main(int argc, char** argv) {
  kawat::bench::Main(argc > 1 ? std::atoi(argv[1]) : 7, argc > 2 ? std::atoi(argv[2]) : 3000, argc > 3 ? argv[3] : "");
  return 0;
}
