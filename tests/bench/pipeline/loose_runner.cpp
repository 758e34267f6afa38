#include "tests/bench/pipeline/loose_runner.h"

#include <map>
#include <thread>

#include "absl/time/clock.h"
#include "base/check.h"

namespace kawat::bench {
namespace {

void Check(const absl::Status& status) { KAWAT_CHECK(status.ok(), status.ToString().c_str()); }

bus::Origin PlaceOf(const bus::Record& record) {
  return {.log_epoch = 1, .topic = record.topic, .partition = record.partition, .offset = record.offset, .index = 0};
}

}  // namespace

LooseRunner::LooseRunner(bus::Bus& bus, std::string_view group, std::vector<bus::TopicPartition> inputs,
                         pipeline::Stage& stage, state::Store* store, int threads)
    : consumer_(*bus.NewConsumer(group)),
      producer_(*bus.NewProducer()),
      stage_(stage),
      store_(store),
      threads_(threads) {
  if (store_ == nullptr) {
    Check(consumer_->Subscribe(std::vector{inputs[0].topic}));
    return;
  }
  std::vector<bus::Position> positions;
  for (const bus::TopicPartition& input : inputs) {
    positions.push_back({input.topic, input.partition, 0});
  }
  Check(consumer_->Assign(positions));
}

void LooseRunner::Run() {
  while (!stopping_) {
    const auto records = consumer_->Poll({});
    Check(records.status());
    if (!records->empty()) {
      Batch(*records);
    }
  }
}

void LooseRunner::Batch(const std::vector<bus::Record>& records) {
  if (store_ == nullptr) {
    ApplyOnPool(records);
  } else {
    std::unique_ptr<state::Txn> txn = store_->Begin();
    for (const bus::Record& record : records) {
      pipeline::Outbox out(PlaceOf(record), 0);
      Check(stage_.Apply(record, *txn, out));
      Check(producer_->Send(out.records()));
    }
    Check(store_->Commit(std::move(txn)));
  }
  TellBus(records);
  Check(stage_.Committed());
}

void LooseRunner::ApplyOnPool(const std::vector<bus::Record>& records) {
  std::vector<pipeline::Outbox> outs;
  for (const bus::Record& record : records) {
    outs.emplace_back(PlaceOf(record), 0);
  }
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < records.size(); i = next++) {
      state::Txn* const none = nullptr;
      Check(stage_.Apply(records[i], *none, outs[i]));  // parse looks at no state
    }
  };
  std::vector<std::thread> helpers;
  for (int i = 1; i < threads_; ++i) {
    helpers.emplace_back(work);
  }
  work();
  for (std::thread& helper : helpers) {
    helper.join();
  }
  for (const pipeline::Outbox& out : outs) {
    Check(producer_->Send(out.records()));
  }
}

void LooseRunner::TellBus(const std::vector<bus::Record>& records) {
  if (absl::Now() - told_ < absl::Seconds(1)) {
    return;
  }
  told_ = absl::Now();
  std::map<bus::TopicPartition, std::int64_t> moved;
  for (const bus::Record& record : records) {
    moved[{record.topic, record.partition}] = record.offset + 1;
  }
  std::vector<bus::Position> positions;
  for (const auto& [place, next] : moved) {
    positions.push_back({place.topic, place.partition, next});
  }
  consumer_->Commit(positions).IgnoreError();
}

}  // namespace kawat::bench
