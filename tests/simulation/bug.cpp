#include "tests/simulation/bug.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "article/codec.h"
#include "base/hash.h"
#include "base/status.h"
#include "bus/topics.h"
#include "pipeline/cursor.h"
#include "url/url.h"

namespace kawat::simulation {
namespace {

constexpr std::array<std::string_view, kBugs> kNames = {"none",
                                                        "commit-before-outputs",
                                                        "version-not-compared",
                                                        "adopts-too-much",
                                                        "offset-outside-batch",
                                                        "out-of-order-sends",
                                                        "swallowed-producer-error",
                                                        "wall-clock-in-dedupe",
                                                        "map-order-in-outputs",
                                                        "offset-off-by-one",
                                                        "redirect-in-place",
                                                        "delays-forgotten",
                                                        "retention-passes"};

class BuggyProducer final : public bus::Producer {
 public:
  BuggyProducer(Bug bug, std::unique_ptr<bus::Producer> inner) : bug_(bug), inner_(std::move(inner)) {}

  absl::Status Send(std::span<const bus::Record> records) override {
    if (bug_ == Bug::kSwallowedProducerError) {
      const absl::Status sent = inner_->Send(records);
      return absl::IsInvalidArgument(sent) ? sent : absl::OkStatus();
    }
    if (bug_ == Bug::kCommitBeforeOutputs && !late_.empty()) {
      KAWAT_RETURN_IF_ERROR(inner_->Send(std::exchange(late_, {})));
      KAWAT_RETURN_IF_ERROR(inner_->Flush(absl::Seconds(1)));
    }
    if (bug_ == Bug::kOutOfOrderSends) {
      batch_.insert(batch_.begin(), records.begin(), records.end());
      return absl::OkStatus();
    }
    batch_.insert(batch_.end(), records.begin(), records.end());
    return bug_ == Bug::kCommitBeforeOutputs ? absl::OkStatus() : inner_->Send(records);
  }

  absl::Status Flush(absl::Duration patience) override {
    std::vector<bus::Record> batch = std::exchange(batch_, {});
    if (bug_ == Bug::kCommitBeforeOutputs) {
      late_ = std::move(batch);
      return absl::OkStatus();
    }
    if (bug_ == Bug::kOutOfOrderSends) {
      KAWAT_RETURN_IF_ERROR(inner_->Send(batch));
    }
    const absl::Status flushed = inner_->Flush(patience);
    return bug_ == Bug::kSwallowedProducerError ? absl::OkStatus() : flushed;
  }
  void Stop() noexcept override { inner_->Stop(); }

 private:
  const Bug bug_;
  std::unique_ptr<bus::Producer> inner_;
  std::vector<bus::Record> batch_, late_;
};

class BuggyConsumer final : public bus::Consumer {
 public:
  BuggyConsumer(Bug bug, std::unique_ptr<bus::Consumer> inner) : bug_(bug), inner_(std::move(inner)) {}

  absl::Status Assign(std::span<const bus::Position> positions) override {
    std::vector<bus::Position> late(positions.begin(), positions.end());
    for (bus::Position& position : late) {
      const auto range = inner_->Range({position.topic, position.partition});
      if (bug_ == Bug::kOffsetOffByOne && position.offset > 0 && range.ok() && position.offset < range->end) {
        ++position.offset;
      }
    }
    return inner_->Assign(late);
  }
  absl::Status Subscribe(std::span<const std::string> topics) override { return inner_->Subscribe(topics); }
  absl::StatusOr<std::vector<bus::Record>> Poll(const bus::PollLimits& limits) override {
    auto records = inner_->Poll(limits);
    for (std::size_t i = 0; records.ok() && bug_ == Bug::kAdoptsTooMuch && i < records->size(); ++i) {
      bus::Record& record = (*records)[i];
      if (auto event = article::DecodeArticleEvent(record.value.value_or("")); record.value.has_value() && event.ok()) {
        event->complete_below = event->version.offset;
        record.value = article::Encode(*event);
      }
    }
    return records;
  }
  std::vector<bus::Position> Assigned() const override { return inner_->Assigned(); }
  absl::Status Commit(std::span<const bus::Position> positions) override { return inner_->Commit(positions); }
  absl::StatusOr<bus::OffsetRange> Range(const bus::TopicPartition& partition) override {
    return inner_->Range(partition);
  }
  absl::StatusOr<std::optional<bus::Record>> ReadAt(const bus::TopicPartition& partition,
                                                    std::int64_t offset) override {
    return inner_->ReadAt(partition, offset);
  }
  void Stop() noexcept override { inner_->Stop(); }

 private:
  const Bug bug_;
  std::unique_ptr<bus::Consumer> inner_;
};

class BuggyStage final : public pipeline::Stage {
 public:
  BuggyStage(Bug bug, pipeline::Stage& stage, base::Clock& clock, int start)
      : bug_(bug), stage_(stage), clock_(clock), start_(start) {}

  absl::Status Apply(const bus::Record& in, state::Txn& state, pipeline::Outbox& out) override {
    bus::Record changed = in;
    if (bug_ == Bug::kWallClockInDedupe) {
      changed.append_time = clock_.Now();
    } else if (bug_ == Bug::kVersionNotCompared && in.topic == bus::kArticles && in.value.has_value()) {
      if (auto event = article::DecodeArticleEvent(*in.value); event.ok()) {
        event->version.offset += (in.offset + 1) << 32;
        changed.value = article::Encode(*event);
      }
    }
    KAWAT_RETURN_IF_ERROR(stage_.Apply(changed, state, out));
    if (bug_ == Bug::kMapOrderInOutputs) {
      Reorder(out.records());
    }
    return absl::OkStatus();
  }
  void Refused(const bus::Record& in, article::Reason reason, pipeline::Outbox& out) override {
    stage_.Refused(in, reason, out);
  }
  absl::Status Committed() override { return stage_.Committed(); }

 private:
  // Values change places between their origins, as if they had been sent in the order of a hash map of this process.
  void Reorder(std::vector<bus::Record>& records) const {
    std::vector<bus::Origin> origins;
    for (const bus::Record& record : records) {
      origins.push_back(record.origin);
    }
    std::sort(records.begin(), records.end(), [this](const bus::Record& a, const bus::Record& b) {
      return base::XxHash64(absl::StrCat(start_, a.key)) < base::XxHash64(absl::StrCat(start_, b.key));
    });
    for (std::size_t i = 0; i < records.size(); ++i) {
      records[i].origin = origins[i];
      auto event = article::DecodeArticleEvent(records[i].value.value_or(""));
      if (records[i].value.has_value() && event.ok()) {
        event->version.index = origins[i].index;
        records[i].value = article::Encode(*event);
      }
    }
  }

  const Bug bug_;
  pipeline::Stage& stage_;
  base::Clock& clock_;
  const int start_;
};

// Its transactions keep the offsets apart, and they are committed before the rest.
class SplitTxn final : public state::Txn {
 public:
  explicit SplitTxn(std::unique_ptr<state::Txn> whole) : inner(std::move(whole)) {}

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override { return inner->Get(key); }
  absl::Status Scan(std::string_view prefix, std::string_view from, const state::Visitor& visit) const override {
    return inner->Scan(prefix, from, visit);
  }
  void Put(std::string_view key, std::string_view value) override {
    if (key.starts_with(pipeline::kCursorPrefix)) {
      cursors.emplace_back(key, value);
    } else {
      inner->Put(key, value);
    }
  }
  void Delete(std::string_view key) override { inner->Delete(key); }
  void SetSavePoint() override { inner->SetSavePoint(); }
  void RollBack() override { inner->RollBack(); }

  std::unique_ptr<state::Txn> inner;
  std::vector<std::pair<std::string, std::string>> cursors;
};

class SplitStore final : public state::Store {
 public:
  explicit SplitStore(state::Store& store) : store_(store) {}

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override { return store_.Get(key); }
  absl::Status Scan(std::string_view prefix, std::string_view from, const state::Visitor& visit) const override {
    return store_.Scan(prefix, from, visit);
  }
  std::unique_ptr<state::Txn> Begin() override { return std::make_unique<SplitTxn>(store_.Begin()); }
  absl::Status Commit(std::unique_ptr<state::Txn> txn) override {
    auto& split = dynamic_cast<SplitTxn&>(*txn);
    std::unique_ptr<state::Txn> offsets = store_.Begin();
    for (const auto& [key, value] : split.cursors) {
      offsets->Put(key, value);
    }
    KAWAT_RETURN_IF_ERROR(store_.Commit(std::move(offsets)));
    return store_.Commit(std::move(split.inner));
  }

 private:
  state::Store& store_;
};

class FollowingClient final : public fetch::HttpClient {
 public:
  explicit FollowingClient(std::unique_ptr<fetch::HttpClient> inner) : inner_(std::move(inner)) {}

  void Start(fetch::HttpRequest request, Done done) override {
    inner_->Start(request, [this, request, done = std::move(done)](fetch::HttpAnswer answer) {
      const bool moved = answer.status == 301 && !answer.Header("location").empty();
      if (!moved) {
        return done(std::move(answer));
      }
      fetch::HttpRequest next = request;
      next.url = std::string(answer.Header("location"));
      inner_->Start(std::move(next), done);
    });
  }

 private:
  std::unique_ptr<fetch::HttpClient> inner_;
};

}  // namespace

std::string_view Name(Bug bug) { return kNames.at(static_cast<std::size_t>(bug)); }

std::unique_ptr<bus::Producer> Plant(Bug bug, std::string_view service, std::unique_ptr<bus::Producer> producer) {
  const bool of_producer = bug == Bug::kCommitBeforeOutputs || bug == Bug::kSwallowedProducerError ||
                           (bug == Bug::kOutOfOrderSends && service == "parse");
  return of_producer ? std::make_unique<BuggyProducer>(bug, std::move(producer)) : std::move(producer);
}

std::unique_ptr<bus::Consumer> Plant(Bug bug, std::string_view service, std::unique_ptr<bus::Consumer> consumer) {
  const bool of_consumer = bug == Bug::kOffsetOffByOne || (bug == Bug::kAdoptsTooMuch && service == "dedupe");
  return of_consumer ? std::make_unique<BuggyConsumer>(bug, std::move(consumer)) : std::move(consumer);
}

std::unique_ptr<pipeline::Stage> Plant(Bug bug, std::string_view service, pipeline::Stage& stage, base::Clock& clock,
                                       int start) {
  const bool of_stage = ((bug == Bug::kWallClockInDedupe || bug == Bug::kMapOrderInOutputs) && service == "dedupe") ||
                        (bug == Bug::kVersionNotCompared && service == "store");
  return of_stage ? std::make_unique<BuggyStage>(bug, stage, clock, start) : nullptr;
}

std::unique_ptr<state::Store> Plant(Bug bug, state::Store& store) {
  return bug == Bug::kOffsetOutsideBatch ? std::make_unique<SplitStore>(store) : nullptr;
}

std::unique_ptr<fetch::HttpClient> Plant(Bug bug, std::unique_ptr<fetch::HttpClient> client) {
  return bug == Bug::kRedirectInPlace ? std::make_unique<FollowingClient>(std::move(client)) : std::move(client);
}

}  // namespace kawat::simulation
