// How many records of 2 KB a second the log takes and gives, embedded and on Kafka. An append is a batch that is sent
// and then waited for, as StageRunner does.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "base/shutdown.h"
#include "bus/embedded/embedded_bus.h"
#include "bus/kafka/kafka.h"
#include "tests/support/kafka/broker.h"
#include "tests/support/temp_folder.h"

namespace kawat::bus {
namespace {

constexpr std::size_t kValueBytes = 2000;
constexpr std::int64_t kReadRecords = 50'000;
constexpr absl::Duration kPatience = absl::Seconds(60);

void Check(const absl::Status& status) { KAWAT_CHECK(status.ok(), status.ToString().c_str()); }

template <class T>
T Get(absl::StatusOr<T> result) {
  Check(result.status());
  return *std::move(result);
}

using OpenBus = std::unique_ptr<Bus> (*)(const support::TempFolder&);

std::unique_ptr<Bus> Embedded(const support::TempFolder& folder) {
  return Get(OpenEmbedded(folder.path() / "log", base::SystemClock()));
}

std::unique_ptr<Bus> Kafka(const support::TempFolder& /*folder*/) {
  static const base::Shutdown shutdown;
  return Get(OpenKafka({.brokers = Get(support::SharedKafka())}, shutdown));
}

std::string NewTopic(Bus& bus) {
  const TopicSpec spec{.name = support::UniqueName("bench"), .partitions = 1, .retention = absl::InfiniteDuration()};
  Get(bus.CreateMissingTopics({&spec, 1}));
  return spec.name;
}

// Values that compress about as text does.
std::vector<Record> Batch(const std::string& topic, std::int64_t count) {
  std::vector<Record> records;
  records.reserve(static_cast<std::size_t>(count));
  std::uint32_t noise = 1;
  for (std::int64_t i = 0; i < count; ++i) {
    Record record;
    record.topic = topic;
    record.key = std::to_string(i);
    record.origin = {1, "kawat.parsed", 0, i, 0};
    record.value.emplace();
    while (record.value->size() < kValueBytes) {
      noise = noise * 1664525U + 1013904223U;
      record.value->append(std::to_string(noise >> 16U)).append(" berita dan warta ");
    }
    records.push_back(std::move(record));
  }
  return records;
}

void CountRecords(benchmark::State& state, std::int64_t records) {
  state.SetItemsProcessed(records);
  state.SetBytesProcessed(records * static_cast<std::int64_t>(kValueBytes));
}

void Append(benchmark::State& state, OpenBus open) {
  const support::TempFolder folder;
  const std::unique_ptr<Bus> bus = open(folder);
  const std::vector<Record> batch = Batch(NewTopic(*bus), state.range(0));
  const std::unique_ptr<Producer> producer = Get(bus->NewProducer());
  const auto append = [&] {
    Check(producer->Send(batch));
    Check(producer->Flush(kPatience));
  };
  append();  // connects
  for (auto _ : state) {
    append();
  }
  CountRecords(state, state.iterations() * state.range(0));
}

void Read(benchmark::State& state, OpenBus open) {
  const support::TempFolder folder;
  const std::unique_ptr<Bus> bus = open(folder);
  const std::string topic = NewTopic(*bus);
  const std::unique_ptr<Producer> producer = Get(bus->NewProducer());
  const std::vector<Record> batch = Batch(topic, 500);
  for (std::int64_t sent = 0; sent < kReadRecords; sent += 500) {
    Check(producer->Send(batch));
  }
  Check(producer->Flush(kPatience));
  const std::unique_ptr<Consumer> consumer = Get(bus->NewConsumer(support::UniqueName("bench")));
  for (auto _ : state) {
    Check(consumer->Assign(std::vector<Position>{{topic, 0, 0}}));
    for (std::int64_t read = 0; read < kReadRecords;) {
      read += static_cast<std::int64_t>(Get(consumer->Poll({})).size());
    }
  }
  CountRecords(state, state.iterations() * kReadRecords);
}

// From sending one record until it is stored and a consumer has it.
void HandOver(benchmark::State& state, OpenBus open) {
  const support::TempFolder folder;
  const std::unique_ptr<Bus> bus = open(folder);
  const std::string topic = NewTopic(*bus);
  const std::vector<Record> one = Batch(topic, 1);
  const std::unique_ptr<Producer> producer = Get(bus->NewProducer());
  const std::unique_ptr<Consumer> consumer = Get(bus->NewConsumer(support::UniqueName("bench")));
  Check(consumer->Assign(std::vector<Position>{{topic, 0, 0}}));
  const auto hand_over = [&] {
    Check(producer->Send(one));
    Check(producer->Flush(kPatience));
    while (Get(consumer->Poll({})).empty()) {
    }
  };
  hand_over();  // connects
  for (auto _ : state) {
    hand_over();
  }
}

BENCHMARK_CAPTURE(Append, embedded, Embedded)->Arg(1)->Arg(100)->Arg(500)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Append, kafka, Kafka)->Arg(1)->Arg(100)->Arg(500)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Read, embedded, Embedded)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Read, kafka, Kafka)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(HandOver, embedded, Embedded)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(HandOver, kafka, Kafka)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kawat::bus
