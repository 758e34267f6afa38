// The embedded log: how many records of 2 KiB it stores and reads a second.
#include <benchmark/benchmark.h>

#include <random>
#include <thread>

#include "base/check.h"
#include "base/clock.h"
#include "bus/embedded/embedded_bus.h"
#include "tests/support/temp_folder.h"

namespace kawat::bus {
namespace {

constexpr std::int32_t kPartitions = 4;

std::unique_ptr<Bus> OpenWithTopic(const support::TempFolder& folder, bool compacted) {
  auto bus = OpenEmbedded(folder.path(), base::SystemClock());
  KAWAT_CHECK(bus.ok(), bus.status().ToString().c_str());
  const TopicSpec topic{.name = "t", .partitions = kPartitions, .compacted = compacted, .retention = absl::Hours(24)};
  KAWAT_CHECK((*bus)->CreateMissingTopics(std::vector{topic}).ok(), "no topic");
  return *std::move(bus);
}

std::vector<Record> MakeRecords(std::size_t count) {
  std::mt19937 random(1);
  std::vector<Record> records(count);
  for (Record& record : records) {
    record.topic = "t";
    record.key = std::to_string(random());
    record.value = std::string(2048, '\0');
    for (char& byte : *record.value) {
      byte = static_cast<char>('a' + random() % 26);
    }
    record.origin = {1, "kawat.pages", 3, 123456, 0};
  }
  return records;
}

// Producers that each send some records and wait for them, again and again.
void Append(benchmark::State& state) {
  const support::TempFolder folder;
  const auto bus = OpenWithTopic(folder, state.range(2) == 1);
  const auto producers = static_cast<std::size_t>(state.range(0));
  const std::vector<Record> records = MakeRecords(static_cast<std::size_t>(state.range(1)));
  constexpr int kRounds = 20;
  for (auto _ : state) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < producers; ++i) {
      threads.emplace_back([&] {
        const auto producer = bus->NewProducer();
        for (int round = 0; round < kRounds; ++round) {
          KAWAT_CHECK((*producer)->Send(records).ok() && (*producer)->Flush(absl::Minutes(1)).ok(), "append");
        }
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(producers * records.size()) * kRounds);
}
BENCHMARK(Append)
    ->ArgNames({"producers", "records", "compacted"})
    ->Args({1, 1, 0})
    ->Args({8, 1, 0})
    ->Args({1, 100, 0})
    ->Args({8, 100, 0})
    ->Args({1, 500, 0})
    ->Args({1, 500, 1})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void Poll(benchmark::State& state) {
  const support::TempFolder folder;
  const auto bus = OpenWithTopic(folder, false);
  const auto producer = bus->NewProducer();
  const std::vector<Record> records = MakeRecords(1000);
  for (int i = 0; i < 20; ++i) {
    KAWAT_CHECK((*producer)->Send(records).ok() && (*producer)->Flush(absl::Minutes(1)).ok(), "append");
  }
  std::int64_t read = 0;
  for (auto _ : state) {
    const auto consumer = bus->NewConsumer("g");
    std::vector<Position> positions;
    for (std::int32_t partition = 0; partition < kPartitions; ++partition) {
      positions.push_back({"t", partition, 0});
    }
    KAWAT_CHECK((*consumer)->Assign(positions).ok(), "assign");
    for (std::size_t count = 0; count < 20'000;) {
      const auto some = (*consumer)->Poll({});
      KAWAT_CHECK(some.ok(), "poll");
      count += some->size();
      read += static_cast<std::int64_t>(some->size());
    }
  }
  state.SetItemsProcessed(read);
}
BENCHMARK(Poll)->UseRealTime()->Unit(benchmark::kMillisecond);

// From the end of Send to the record in a waiting consumer's hands.
void EndToEnd(benchmark::State& state) {
  const support::TempFolder folder;
  const auto bus = OpenWithTopic(folder, false);
  const auto producer = bus->NewProducer();
  const auto consumer = bus->NewConsumer("g");
  std::vector<Record> records = MakeRecords(1);
  records[0].partition = 0;
  KAWAT_CHECK((*consumer)->Assign(std::vector{Position{"t", 0, 0}}).ok(), "assign");
  for (auto _ : state) {
    KAWAT_CHECK((*producer)->Send(records).ok(), "send");
    const auto some = (*consumer)->Poll({.patience = absl::Seconds(10)});
    KAWAT_CHECK(some.ok() && some->size() == 1, "poll");
  }
}
BENCHMARK(EndToEnd)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kawat::bus
