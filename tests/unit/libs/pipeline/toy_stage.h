// A stage for the runner's tests, and the world it runs in.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status.h"
#include "pipeline/stage_runner.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_bus.h"
#include "tests/support/memory_store.h"
#include "tests/support/status.h"

namespace kawat::pipeline {

inline constexpr char kIn[] = "toy.in";
inline constexpr char kOut[] = "toy.out";

// Adds up the numbers of each key, in its state, and tells each new sum. Some values are words with a meaning of their
// own.
class ToyStage final : public Stage {
 public:
  absl::Status Apply(const bus::Record& in, state::Txn& state, Outbox& out) override {
    times.push_back(in.append_time);
    complete_below.push_back(out.complete_below());
    const std::string value = in.value.value_or("");
    KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> stored, state.Get("sum/" + in.key));
    std::int64_t sum = 0;
    KAWAT_CHECK(!stored.has_value() || absl::SimpleAtoi(*stored, &sum), "the state holds numbers");
    std::int64_t number = 0;
    const bool is_number = absl::SimpleAtoi(value, &number);
    const std::string text = absl::StrCat(sum + (is_number ? number : 1));
    state.Put("sum/" + in.key, text);
    out.Send(kOut, "", in.key, value == "huge" ? std::string(2000, 'x') : text);
    if (value == "broken") {
      return absl::InternalError("the stage cannot go on");
    }
    if (value == "refuse") {
      out.Refuse(article::Reason::kBadEncoding, "kept its outputs");
    } else if (value == "bad") {
      return BadRecord(article::Reason::kMalformedFeed, "a \xff bad record");
    } else if (!is_number && value != "huge") {
      return absl::InvalidArgumentError("no number");
    }
    return absl::OkStatus();
  }
  absl::Status Committed() override {
    ++commits;
    return absl::OkStatus();
  }

  std::vector<absl::Time> times;
  std::vector<std::int64_t> complete_below;
  int commits = 0;
};

class Recorder final : public StageObserver {
 public:
  void OnBatch(const BatchReport& report) override { batches.push_back(report); }
  void OnDeadLetter(article::Reason reason, const bus::Origin& origin, std::string_view /*detail*/) override {
    dead_letters.emplace_back(reason, origin.offset);
    dead_letter_epochs.push_back(origin.log_epoch);
  }
  void OnLag(const std::string& /*owner*/, const bus::TopicPartition& partition, std::int64_t records,
             absl::Time since) override {
    lags[partition.partition].push_back({records, since});
  }

  std::vector<BatchReport> batches;
  std::vector<std::pair<article::Reason, std::int64_t>> dead_letters;
  std::vector<std::uint32_t> dead_letter_epochs;
  struct Lag {
    std::int64_t records = 0;
    absl::Time since;  // InfiniteFuture: none waits
  };
  std::map<std::int32_t, std::vector<Lag>> lags;  // by partition, in the order of the reports
};

// One partition of input, a store, and whoever reads them.
struct World {
  support::FakeClock clock;
  std::shared_ptr<support::Faults> faults = std::make_shared<support::Faults>();
  support::MemoryBus bus{clock, faults};
  support::MemoryStore store{faults};
  ToyStage stage;
  Recorder recorder;
  StageRunnerOptions options{.stage = "toy", .owner = "toy/0", .inputs = {{kIn, 0}}};

  World() {
    const std::vector<bus::TopicSpec> topics = {{.name = kIn, .partitions = 1},
                                                {.name = kOut, .partitions = 2, .max_record_bytes = 1000},
                                                {.name = std::string(bus::kDeadLetters), .partitions = 1}};
    KAWAT_CHECK(bus.CreateMissingTopics(topics).ok(), "no topics");
  }

  std::int64_t Add(const std::string& key, const std::string& value) {
    bus::Record record;
    record.topic = kIn;
    record.key = key;
    record.value = value;
    return bus.Append(record);
  }

  std::unique_ptr<StageRunner> NewRunner(LocalInput* local = nullptr) {
    auto runner = StageRunner::Create(options, stage, bus, &store, local, &recorder);
    KAWAT_CHECK(runner.ok(), "no runner");
    return *std::move(runner);
  }

  // A new runner, until there is nothing left to do. An error: the process would have died.
  absl::Status RunToEnd() { return RunToEnd(*NewRunner()); }
  static absl::Status RunToEnd(StageRunner& runner) {
    constexpr int kMostTurns = 10'000;
    for (int turn = 0; turn < kMostTurns; ++turn) {
      KAWAT_ASSIGN_OR_RETURN(const bool worked, runner.Step());
      if (!worked) {
        return absl::OkStatus();
      }
    }
    return absl::DeadlineExceededError("the runner finds work for ever");
  }

  // What counts: the newest value of each key.
  std::map<std::string, std::string> Facts(std::string_view topic) const {
    std::map<std::string, std::string> facts;
    for (const auto& [key, record] : bus.NewestByKey(topic)) {
      facts[key] = absl::StrCat(bus::FormatOrigin(record.origin), " ", record.value.value_or("(deleted)"));
    }
    return facts;
  }
  std::optional<std::int64_t> CommittedOnBus() { return *bus.Committed(GroupOf("toy"), {kIn, 0}); }
  std::string Sum(const std::string& key) const { return store.Get("sum/" + key)->value_or("none"); }
};

}  // namespace kawat::pipeline
