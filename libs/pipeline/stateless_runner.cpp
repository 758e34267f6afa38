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
    std::atomic<bool> is_there = false;
  };

  int slots() const override { return std::max(1, options_.threads); }
  absl::Status Start() override { return consumer_->Subscribe(options_.subscriptions); }
  absl::StatusOr<bool> Batch(absl::Duration patience) override;
  void ApplyOne(int slot, const bus::Record& record, Result& result);
  absl::Status ApplyAndSettleAll(const std::vector<bus::Record>& records);
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
  KAWAT_RETURN_IF_ERROR(ApplyAndSettleAll(records));
  report_.apply = watch.Lap();
  KAWAT_RETURN_IF_ERROR(Flush());
  report_.send = watch.Lap();
  KAWAT_RETURN_IF_ERROR(Commit(records));
  report_.commit = watch.Lap();
  KAWAT_RETURN_IF_ERROR(stage_.Committed());
  Report();
  return true;
}

void StatelessRunner::ApplyOne(int slot, const bus::Record& record, Result& result) {
  const bus::Origin origin{
      .log_epoch = 1, .topic = record.topic, .partition = record.partition, .offset = record.offset, .index = 0};
  result.out.emplace(origin, 0);
  NoState state;
  result.status = Apply(slot, record, state, *result.out);
  result.is_there = true;
}

// What is applied is sent while others are still being applied, always in input order and by this thread: at the end of
// the batch most is acknowledged already.
absl::Status StatelessRunner::ApplyAndSettleAll(const std::vector<bus::Record>& records) {
  std::vector<Result> results(records.size());
  std::atomic<std::size_t> next = 0;
  const auto apply_next = [&](int slot) {
    const std::size_t i = next++;
    if (i < records.size()) {
      ApplyOne(slot, records[i], results[i]);
    }
    return i < records.size();
  };
  std::vector<std::thread> helpers;
  const int count = std::min(slots(), static_cast<int>(records.size()));
  for (int slot = 1; slot < count; ++slot) {
    helpers.emplace_back([&apply_next, slot] {
      while (apply_next(slot)) {
      }
    });
  }
  std::size_t settled = 0;
  absl::Status status;
  const auto settle = [&] {
    for (; settled < records.size() && results[settled].is_there && status.ok(); ++settled) {
      status = Settle(records[settled], results[settled].status, *results[settled].out).status();
      results[settled].out.reset();
    }
  };
  while (status.ok() && apply_next(0)) {
    settle();
  }
  next = status.ok() ? next.load() : records.size();
  for (std::thread& helper : helpers) {
    helper.join();
  }
  settle();
  return status;
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
