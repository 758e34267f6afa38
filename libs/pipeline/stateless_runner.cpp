// The loop of a stage without state: a group member that applies on several threads and sends in input order.
#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status.h"
#include "pipeline/runner_base.h"
#include "pipeline/stopwatch.h"

namespace kawat::pipeline {
namespace {

// The state of a stage that has none.
class NoState final : public state::Txn {
 public:
  absl::StatusOr<std::optional<std::string>> Get(std::string_view /*key*/) const override { return std::nullopt; }
  absl::Status Scan(std::string_view /*prefix*/, std::string_view /*from*/,
                    const state::Visitor& /*visit*/) const override {
    return absl::OkStatus();
  }
  void Put(std::string_view /*key*/, std::string_view /*value*/) override { Refuse(); }
  void Delete(std::string_view /*key*/) override { Refuse(); }
  void SetSavePoint() override {}
  void RollBack() override {}

 private:
  static void Refuse() { KAWAT_CHECK(false, "a stateless stage has no state to change"); }
};

class StatelessRunner final : public RunnerBase {
 public:
  StatelessRunner(StageRunnerOptions options, Stage& stage, std::unique_ptr<bus::Consumer> consumer,
                  std::unique_ptr<bus::Producer> producer, StageObserver* observer)
      : RunnerBase(std::move(options), stage, std::move(consumer), std::move(producer), observer) {}

 private:
  struct Result {
    absl::Status status;
    std::optional<Outbox> out;
  };

  int slots() const override { return std::max(1, options_.threads); }
  absl::Status Start() override { return consumer_->Subscribe(options_.subscriptions); }
  absl::StatusOr<bool> Batch(absl::Duration patience) override;
  Result ApplyOne(int slot, const bus::Record& record);
  std::vector<Result> ApplyAll(const std::vector<bus::Record>& records);
  absl::Status Commit(const std::vector<bus::Record>& records);
};

absl::StatusOr<bool> StatelessRunner::Batch(absl::Duration patience) {
  bus::PollLimits limits = options_.limits;
  limits.patience = patience;
  KAWAT_RETURN_IF_ERROR(Fill(limits));
  std::vector<bus::Record> records = TakeBatch();
  if (records.empty()) {
    return false;
  }
  report_ = BatchReport{.newest_append_time = absl::InfinitePast()};
  Stopwatch watch;
  for (bus::Record& record : records) {
    Note(record);
  }
  std::vector<Result> results = ApplyAll(records);
  report_.apply = watch.Lap();
  for (std::size_t i = 0; i < records.size(); ++i) {
    KAWAT_RETURN_IF_ERROR(Settle(records[i], results[i].status, *results[i].out).status());
  }
  KAWAT_RETURN_IF_ERROR(Flush());
  report_.send = watch.Lap();
  KAWAT_RETURN_IF_ERROR(Commit(records));
  report_.commit = watch.Lap();
  KAWAT_RETURN_IF_ERROR(stage_.Committed());
  Report();
  return true;
}

StatelessRunner::Result StatelessRunner::ApplyOne(int slot, const bus::Record& record) {
  const bus::Origin origin{
      .log_epoch = 1, .topic = record.topic, .partition = record.partition, .offset = record.offset, .index = 0};
  Result result{.status = absl::OkStatus(), .out = Outbox(origin, 0)};
  NoState state;
  result.status = Apply(slot, record, state, *result.out);
  return result;
}

std::vector<StatelessRunner::Result> StatelessRunner::ApplyAll(const std::vector<bus::Record>& records) {
  std::vector<Result> results(records.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&](int slot) {
    for (std::size_t i = next++; i < records.size(); i = next++) {
      results[i] = ApplyOne(slot, records[i]);
    }
  };
  std::vector<std::thread> helpers;
  const int count = std::min(slots(), static_cast<int>(records.size()));
  for (int slot = 1; slot < count; ++slot) {
    helpers.emplace_back(work, slot);
  }
  work(0);
  for (std::thread& helper : helpers) {
    helper.join();
  }
  return results;
}

absl::Status StatelessRunner::Commit(const std::vector<bus::Record>& records) {
  std::map<bus::TopicPartition, std::int64_t> moved;
  for (const bus::Record& record : records) {
    moved[{record.topic, record.partition}] = record.offset + 1;
    marker_.Forget(record);
  }
  for (const auto& [place, next] : moved) {
    report_.positions.push_back({place.topic, place.partition, next});
  }
  absl::Status status = consumer_->Commit(report_.positions);
  while (absl::IsUnavailable(status) && !stopping()) {
    WaitForLog(status);
    status = consumer_->Commit(report_.positions);
  }
  if (stopping() && (absl::IsUnavailable(status) || absl::IsCancelled(status))) {
    return absl::OkStatus();  // the next member sends the same facts again
  }
  return base::Annotate(status, absl::StrCat(options_.owner, ": committing offsets"));
}

}  // namespace

std::unique_ptr<StageRunner> NewStatelessRunner(StageRunnerOptions options, Stage& stage,
                                                std::unique_ptr<bus::Consumer> consumer,
                                                std::unique_ptr<bus::Producer> producer, StageObserver* observer) {
  return std::make_unique<StatelessRunner>(std::move(options), stage, std::move(consumer), std::move(producer),
                                           observer);
}

}  // namespace kawat::pipeline
