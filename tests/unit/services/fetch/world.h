// A frontier with its driver and runner on a log and a store in memory, a fake web and a fake clock: one shard, one
// thread.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "article/codec.h"
#include "base/check.h"
#include "base/status.h"
#include "bus/topics.h"
#include "pipeline/stage_runner.h"
#include "services/fetch/driver.h"
#include "services/fetch/frontier.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_web.h"
#include "tests/support/memory_bus.h"
#include "tests/support/memory_store.h"
#include "tests/support/status.h"

namespace kawat::fetch {

// Passes on to a stage, and keeps what was applied, in order.
class Recorder final : public pipeline::Stage {
 public:
  explicit Recorder(pipeline::Stage& stage) : stage_(stage) {}

  absl::Status Apply(const bus::Record& in, state::Txn& state, pipeline::Outbox& out) override {
    records.push_back(in);
    return stage_.Apply(in, state, out);
  }
  absl::Status Committed() override { return stage_.Committed(); }

  std::vector<bus::Record> records;

 private:
  pipeline::Stage& stage_;
};

class World {
 public:
  World() : World(FrontierOptions{}) {}
  explicit World(FrontierOptions with) : options(std::move(with)) {
    KAWAT_CHECK(bus.CreateMissingTopics(bus::Topics(options.partitions, 1)).ok(), "topics");
    Start();
  }

  // Starts the process, or starts it again: what was on its way is lost.
  void Start(base::Clock* wall = nullptr) {
    Stop();
    auto loaded = Frontier::Load(options, store, clock.Now());
    KAWAT_CHECK(loaded.ok(), "load");
    frontier = *std::move(loaded);
    recorder = std::make_unique<Recorder>(*frontier);
    driver = std::make_unique<Driver>(*frontier, web, clock, bus, pipeline::GroupOf("parse"), wall);
    pipeline::StageRunnerOptions runner_options{
        .stage = "fetch",
        .owner = "fetch/0",
        .inputs = {{std::string(bus::kSources), 0}, {std::string(bus::kLinks), options.partition}}};
    runner_options.limits.patience = absl::ZeroDuration();
    auto made = pipeline::StageRunner::Create(runner_options, *recorder, bus, &store, driver.get(), nullptr);
    KAWAT_CHECK(made.ok(), "runner");
    runner = *std::move(made);
  }
  void Stop() {
    web.DropAll();
    runner.reset();
    driver.reset();
    recorder.reset();
    frontier.reset();
  }

  // Lets everything happen for that long, in steps of 5 ms.
  absl::Status Run(absl::Duration time) {
    for (const absl::Time end = clock.Now() + time; clock.Now() < end; clock.Advance(absl::Milliseconds(5))) {
      web.Deliver();
      while (true) {
        KAWAT_ASSIGN_OR_RETURN(const bool worked, runner->Step());
        if (!worked) {
          break;
        }
      }
    }
    return absl::OkStatus();
  }

  void AddSource(const article::Source& source) {
    bus::Record record;
    record.topic = std::string(bus::kSources);
    record.partition = 0;
    record.key = source.id;
    record.value = article::Encode(source);
    bus.Append(record);
  }
  void DeleteSource(const std::string& id) {
    bus::Record record;
    record.topic = std::string(bus::kSources);
    record.partition = 0;
    record.key = id;
    bus.Append(record);
  }
  void AddLinks(std::vector<article::Link> links, const std::string& from = "https://a.example/feed",
                const std::string& source_id = "a") {
    AppendLinks(article::LinkBatch{.from_url = from, .source_id = source_id, .links = std::move(links)});
  }
  void AddEntry(const std::string& url, const std::string& title = "T",
                std::optional<absl::Time> modified = std::nullopt) {
    AddLinks({{.url = url, .kind = article::LinkKind::kEntry, .title = title, .modified_time = modified}});
  }
  void AddOutcome(const article::PageOutcome& outcome) { AppendLinks(outcome); }

  UrlState State(const std::string& url) const {
    const auto parsed = url::Url::Parse(url);
    const auto state = ReadUrlState(store, parsed->host_and_port(), url);
    EXPECT_TRUE(state.ok() && state->has_value()) << url << " is not known";
    return state.ok() ? state->value_or(UrlState{}) : UrlState{};
  }
  std::vector<article::Page> Pages() const {
    std::vector<article::Page> pages;
    for (const bus::Record& record : bus.Records(bus::kPages)) {
      pages.push_back(*article::DecodePage(*record.value));
    }
    return pages;
  }

  FrontierOptions options;
  support::FakeClock clock;
  std::shared_ptr<support::Faults> faults = std::make_shared<support::Faults>();  // of bus and store
  support::MemoryBus bus{clock, faults};
  support::MemoryStore store{faults};
  support::FakeWeb web{clock};
  std::unique_ptr<Frontier> frontier;
  std::unique_ptr<Recorder> recorder;  // since the last start
  std::unique_ptr<Driver> driver;
  std::unique_ptr<pipeline::StageRunner> runner;

 private:
  void AppendLinks(const article::LinkRecord& value) {
    bus::Record record;
    record.topic = std::string(bus::kLinks);
    record.partition = 0;
    record.value = article::Encode(value);
    bus.Append(record);
  }
};

// The source "a": https://a.example/ with one feed, polled every minute, a second between requests.
inline article::Source SourceA() {
  return {.id = "a", .name = "A", .homepage_url = "https://a.example/", .feed_urls = {"https://a.example/feed"}};
}

}  // namespace kawat::fetch
