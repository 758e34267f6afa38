// tools/simulate: many runs of the simulated cluster, one a seed.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "telemetry/log.h"
#include "tests/simulation/simulation.h"

namespace kawat::simulation {
namespace {

struct Totals {
  FaultCounts faults{};
  std::int64_t runs = 0, deaths = 0, pages = 0;
  absl::Duration simulated;
  int failed = 0;
};

thread_local std::uint64_t current_seed = 0;

// "Cannot happen" happened: the seed is what is needed.
void OnAbort(int /*signal*/) {
  std::fprintf(stderr, "aborted; again with: tools/simulate --runs 1 --seed %llu --trace\n",
               static_cast<unsigned long long>(current_seed));
  std::_Exit(1);
}

void Explain(const Options& options, const Result& failed) {
  std::fprintf(stderr, "seed %llu violates:\n", static_cast<unsigned long long>(options.seed));
  for (const std::string& violation : failed.violations) {
    std::fprintf(stderr, "  %s\n", violation.c_str());
  }
  const Result smallest = Shrink(options, failed);
  std::fprintf(stderr, "with %zu of its %zu faults it still violates: %s\n", smallest.plan.size(), failed.plan.size(),
               smallest.violations.front().c_str());
  std::string again = absl::StrCat("tools/simulate --runs 1 --seed ", options.seed);
  for (const Fault& fault : smallest.plan) {
    std::fprintf(stderr, "  %s\n", ToString(fault).c_str());
    absl::StrAppend(&again, " --fault ", fault.number);
  }
  std::fprintf(stderr, "again, step for step: %s --trace\n", again.c_str());
}

void Add(const Result& result, Totals& totals) {
  ++totals.runs;
  totals.deaths += result.deaths;
  totals.pages += result.pages;
  totals.simulated += result.simulated;
  totals.failed += result.violations.empty() ? 0 : 1;
  for (std::size_t i = 0; i < totals.faults.size(); ++i) {
    totals.faults[i] += result.faults[i];
  }
}

void Print(const Totals& totals, absl::Duration took, bool json) {
  if (json) {
    std::string faults;
    for (int i = 0; i < kFaultKinds; ++i) {
      absl::StrAppend(&faults, i == 0 ? "" : ",", "\"", std::string(Name(static_cast<FaultKind>(i))),
                      "\":", totals.faults.at(static_cast<std::size_t>(i)));
    }
    std::printf(
        "{\"runs\":%lld,\"failed\":%d,\"seconds\":%.1f,\"simulated_seconds\":%.0f,\"pages\":%lld,\"deaths\":%lld,"
        "\"faults\":{%s}}\n",
        static_cast<long long>(totals.runs), totals.failed, absl::ToDoubleSeconds(took),
        absl::ToDoubleSeconds(totals.simulated), static_cast<long long>(totals.pages),
        static_cast<long long>(totals.deaths), faults.c_str());
    return;
  }
  std::printf(
      "%lld runs in %.1f s (%.0f a minute): %.1f days simulated, %lld pages, %lld deaths of processes; %d violate "
      "something\n",
      static_cast<long long>(totals.runs), absl::ToDoubleSeconds(took),
      60.0 * static_cast<double>(totals.runs) / absl::ToDoubleSeconds(took), absl::ToDoubleHours(totals.simulated) / 24,
      static_cast<long long>(totals.pages), static_cast<long long>(totals.deaths), totals.failed);
  for (int i = 0; i < kFaultKinds; ++i) {
    std::printf("  %-22s %lld\n", std::string(Name(static_cast<FaultKind>(i))).c_str(),
                static_cast<long long>(totals.faults.at(static_cast<std::size_t>(i))));
  }
}

int Main(int argc, char** argv) {
  CLI::App app(
      "Runs kawat's stages as a simulated cluster with faults, and checks that nothing is lost and nothing told twice.",
      "tools/simulate");
  Options options;
  std::int64_t runs = 1000;
  int threads = 1;
  bool json = false;
  std::string bug;
  std::vector<std::string> without;
  std::vector<int> only;
  app.add_option("--runs", runs, "How many, from the seed on")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed, "Of the first run; the next has the next number")->capture_default_str();
  app.add_option("--threads", threads, "Runs at a time")->capture_default_str()->check(CLI::Range(1, 64));
  app.add_option("--articles", options.size.articles, "On the simulated web")
      ->capture_default_str()
      ->check(CLI::Range(1, 5000));
  app.add_option("--body-bytes", options.size.body_bytes, "Of an article")
      ->capture_default_str()
      ->check(CLI::Range(200, 100000));
  app.add_option("--bug", bug, "Plant this bug; it must be caught: commit-before-outputs, offset-off-by-one ...");
  app.add_option("--without", without, "Leave out this kind of fault: clock-jump, outage ...");
  app.add_option("--fault", only, "Only these of the seed's faults, by number, as a failure tells them");
  app.add_flag("--trace", options.trace, "A line on stderr for each event");
  app.add_flag("--json", json, "A summary for scripts");
  app.footer(
      "Examples:\n  tools/simulate --runs 10000\n  tools/simulate --runs 1 --seed 4711 --trace\n  tools/simulate --bug "
      "offset-off-by-one --runs 500");
  CLI11_PARSE(app, argc, argv);
  for (int i = 0; !bug.empty() && i < kBugs; ++i) {
    if (Name(static_cast<Bug>(i)) == bug) {
      options.bug = static_cast<Bug>(i);
    } else if (i + 1 == kBugs && options.bug == Bug::kNone) {
      std::fprintf(stderr, "tools/simulate: no such bug: %s\n", bug.c_str());
      return 2;
    }
  }
  if (!telemetry::InitLog({.level = "error"}, "simulate").ok()) {
    return 1;
  }
  std::signal(SIGABRT, OnAbort);
  const absl::Time begin = absl::Now();
  Totals totals;
  std::mutex mutex;
  std::int64_t next = 0;
  const auto work = [&] {
    while (true) {
      Options own = options;
      {
        const std::lock_guard lock(mutex);
        if (next == runs || totals.failed > 0) {
          return;
        }
        own.seed = current_seed = options.seed + static_cast<std::uint64_t>(next++);
      }
      own.plan = MakePlan(own.seed);
      std::erase_if(*own.plan, [&](const Fault& fault) {
        return std::find(without.begin(), without.end(), Name(fault.kind)) != without.end() ||
               (!only.empty() && std::find(only.begin(), only.end(), fault.number) == only.end());
      });
      const Result result = Simulate(own);
      const std::lock_guard lock(mutex);
      Add(result, totals);
      if (!result.violations.empty()) {
        own.trace = false;
        Explain(own, result);
      } else if (!json && totals.runs % 1000 == 0 && totals.runs < runs) {
        std::fprintf(stderr, "%lld of %lld runs\n", static_cast<long long>(totals.runs), static_cast<long long>(runs));
      }
    }
  };
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) {
    others.emplace_back(work);
  }
  work();
  for (std::thread& other : others) {
    other.join();
  }
  Print(totals, absl::Now() - begin, json);
  return totals.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace kawat::simulation

int main(int argc, char** argv) { return kawat::simulation::Main(argc, argv); }
