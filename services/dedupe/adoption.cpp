#include "services/dedupe/adoption.h"

#include <algorithm>
#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "article/codec.h"
#include "base/status.h"
#include "bus/topics.h"
#include "pipeline/cursor.h"
#include "pipeline/replay.h"
#include "pipeline/stage_runner.h"
#include "services/dedupe/adopted_fact.h"
#include "services/dedupe/lost_articles.h"
#include "services/dedupe/stage.h"

namespace kawat::dedupe {
namespace {

// A body that has left the window only by what is decided again may still be found by it.
constexpr absl::Duration kWindowSlack = absl::Hours(1);
constexpr std::string_view kOwner = "dedupe/0";
constexpr std::size_t kBatch = 1000;          // changes of a commit
constexpr std::int64_t kTail = 500;           // records
constexpr std::int64_t kReportEvery = 1'000;  // records

// A place in kawat.parsed, over the logs that were accepted.
struct Place {
  std::uint32_t log_epoch = 0;
  std::int64_t offset = 0;

  auto operator<=>(const Place&) const = default;
};

Place PlaceOf(const article::Version& version) { return {version.log_epoch, version.offset}; }

class Adopter {
 public:
  Adopter(state::Store& state, WindowLimits limits, const std::function<void(const AdoptionProgress&)>& progress)
      : state_(state), limits_(limits), progress_(progress) {}

  absl::StatusOr<Adoption> Run(bus::Bus& bus);

 private:
  absl::Status Clear();
  absl::Status ReadArticles(std::int32_t partitions, bus::Consumer& consumer);
  absl::Status FindNewest(const bus::TopicPartition& place, bus::OffsetRange range, bus::Consumer& consumer);
  absl::Status ReadEvent(const bus::Record& record);
  absl::Status AdoptBelow(Place place);
  absl::Status RestoreBody(const AdoptedRevision& revision);
  absl::Status SetAside();
  absl::Status CountMembers();
  absl::Status ReadParsed(bus::Consumer& consumer);
  absl::Status ReadObservation(const bus::Record& record);
  absl::Status ExpireBodies();
  absl::Status Finish();

  state::Txn& txn();
  absl::Status Changed();  // commits now and then
  absl::Status Commit();
  void Report(std::int64_t records);

  state::Store& state_;
  const WindowLimits limits_;
  const std::function<void(const AdoptionProgress&)>& progress_;
  std::unique_ptr<state::Txn> txn_;
  std::size_t changes_ = 0;

  Place complete_below_;                                 // the highest that an event told
  std::multimap<Place, AdoptedFact> waiting_;            // not below it: a batch's worth at most
  absl::Time newest_ = absl::InfinitePast();             // append time of an owned body, adopted or not
  absl::Time adopted_time_ = absl::InfinitePast();       // of an adopted one
  std::optional<std::pair<Place, std::string>> latest_;  // article of the latest decision that was adopted
  LostArticles lost_;
  pipeline::Cursor cursor_;
  Adoption adoption_;
  AdoptionProgress done_;
};

absl::StatusOr<Adoption> Adopter::Run(bus::Bus& bus) {
  KAWAT_RETURN_IF_ERROR(Clear());
  KAWAT_ASSIGN_OR_RETURN(const std::int32_t partitions, bus.PartitionCount(bus::kArticles));
  KAWAT_ASSIGN_OR_RETURN(const auto consumer, bus.NewConsumer(pipeline::GroupOf("dedupe")));
  KAWAT_RETURN_IF_ERROR(ReadArticles(partitions, *consumer));
  if (complete_below_.log_epoch == 0) {
    return absl::FailedPreconditionError(
        "kawat.articles has no event that says how far dedupe had come: there is nothing to adopt. Restore dedupe's "
        "data folder from a backup, or begin with a new log");
  }
  adoption_.undecided = static_cast<std::int64_t>(waiting_.size());
  KAWAT_RETURN_IF_ERROR(SetAside());
  KAWAT_RETURN_IF_ERROR(CountMembers());
  KAWAT_RETURN_IF_ERROR(ReadParsed(*consumer));
  KAWAT_RETURN_IF_ERROR(ExpireBodies());
  KAWAT_RETURN_IF_ERROR(Finish());
  KAWAT_RETURN_IF_ERROR(pipeline::CheckCursor(kOwner, {std::string(bus::kParsed), 0}, cursor_, *consumer));
  return adoption_;
}

// Only of what an earlier adoption left.
absl::Status Adopter::Clear() {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> adopting, state_.Get(kAdoptingKey));
  for (bool more = true; more;) {
    std::vector<std::string> keys;
    KAWAT_RETURN_IF_ERROR(state_.Scan("", "", [&](std::string_view key, std::string_view) {
      if (key != kAdoptingKey) {
        keys.emplace_back(key);
      }
      return keys.size() < kBatch;
    }));
    if (!keys.empty() && !adopting.has_value()) {
      return absl::FailedPreconditionError(
          "dedupe's state is not empty: only an empty one adopts what kawat.articles says. Move the folder away first");
    }
    for (const std::string& key : keys) {
      txn().Delete(key);
    }
    more = keys.size() == kBatch;
    KAWAT_RETURN_IF_ERROR(Commit());
  }
  txn().Put(kAdoptingKey, "");
  return Commit();
}

absl::Status Adopter::ReadArticles(std::int32_t partitions, bus::Consumer& consumer) {
  std::vector<std::pair<std::int64_t, std::int64_t>> spans;
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    const bus::TopicPartition place{std::string(bus::kArticles), partition};
    KAWAT_ASSIGN_OR_RETURN(const bus::OffsetRange range, consumer.Range(place));
    KAWAT_ASSIGN_OR_RETURN(const std::int64_t end, pipeline::AfterLastRecord(place, consumer));
    KAWAT_RETURN_IF_ERROR(FindNewest(place, {range.start, end}, consumer));
    spans.emplace_back(range.start, end);
    done_.all += end - range.start;
  }
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    const auto [from, to] = spans[static_cast<std::size_t>(partition)];
    const std::int64_t before = done_.done;
    KAWAT_RETURN_IF_ERROR(pipeline::ReadThrough({std::string(bus::kArticles), partition}, from, to, consumer,
                                                [&, start = from](const bus::Record& record) {
                                                  Report(before + record.offset + 1 - start);
                                                  return ReadEvent(record);
                                                }));
    done_.done = before + to - from;
  }
  return AdoptBelow(complete_below_);
}

// From a partition's last events, so that bodies which have left the window need not be stored and expired.
absl::Status Adopter::FindNewest(const bus::TopicPartition& place, bus::OffsetRange range, bus::Consumer& consumer) {
  return pipeline::ReadThrough(place, std::max(range.start, range.end - kTail), range.end, consumer,
                               [this](const bus::Record& record) {
                                 const auto event = article::DecodeArticleEvent(record.value.value_or(""));
                                 if (event.ok() && event->body_ownership.has_value()) {
                                   newest_ = std::max(newest_, event->body_ownership->append_time);
                                 }
                                 return absl::OkStatus();
                               });
}

// Facts wait until an event tells that they are complete: dedupe writes one batch beyond what it has told, at most.
absl::Status Adopter::ReadEvent(const bus::Record& record) {
  std::int64_t complete_below = 0;
  absl::StatusOr<std::optional<AdoptedFact>> fact = ReadFact(record, complete_below);
  if (absl::IsInvalidArgument(fact.status())) {
    ++adoption_.malformed;  // as the store, which makes it a dead letter
    return absl::OkStatus();
  }
  KAWAT_RETURN_IF_ERROR(fact.status());
  if (!fact->has_value()) {
    return absl::OkStatus();
  }
  const Place place = PlaceOf((*fact)->version);
  waiting_.emplace(place, **std::move(fact));
  const Place complete{place.log_epoch, complete_below};
  if (record.value.has_value() && complete > complete_below_) {
    complete_below_ = complete;
    return AdoptBelow(complete);
  }
  return place < complete_below_ ? AdoptBelow(complete_below_) : absl::OkStatus();
}

absl::Status Adopter::AdoptBelow(Place place) {
  while (!waiting_.empty() && waiting_.begin()->first < place) {
    const AdoptedFact& fact = waiting_.begin()->second;
    KAWAT_RETURN_IF_ERROR(AdoptFact(fact, txn()));
    if (const auto* revision = std::get_if<AdoptedRevision>(&fact.fact); revision != nullptr && revision->owner) {
      KAWAT_RETURN_IF_ERROR(RestoreBody(*revision));
    }
    if (!latest_.has_value() || waiting_.begin()->first > latest_->first) {
      latest_ = {waiting_.begin()->first, fact.article_id};
    }
    waiting_.erase(waiting_.begin());
    KAWAT_RETURN_IF_ERROR(Changed());
  }
  return absl::OkStatus();
}

absl::Status Adopter::RestoreBody(const AdoptedRevision& revision) {
  newest_ = std::max(newest_, revision.owner->append_time);
  adopted_time_ = std::max(adopted_time_, revision.owner->append_time);
  if (newest_ - revision.owner->append_time > limits_.span + kWindowSlack) {
    return absl::OkStatus();
  }
  return BodyWindow(limits_, txn()).Restore(revision.body, *revision.owner);
}

// A body that is owned since below the offset stays so, whatever was told of it above.
absl::Status Adopter::SetAside() {
  for (const auto& [place, fact] : waiting_) {
    lost_.Note(fact);
    if (const auto* revision = std::get_if<AdoptedRevision>(&fact.fact);
        revision != nullptr && revision->owner && revision->owner->offset < complete_below_.offset) {
      KAWAT_RETURN_IF_ERROR(RestoreBody(*revision));
    }
  }
  waiting_.clear();
  KAWAT_RETURN_IF_ERROR(lost_.Guess(txn()));
  return Commit();
}

// Clusters have the members that their articles' last memberships say.
absl::Status Adopter::CountMembers() {
  std::string from(kDecisions);
  for (bool more = true; more;) {
    std::vector<std::pair<std::string, std::string>> decisions;
    KAWAT_RETURN_IF_ERROR(state_.Scan(kDecisions, from, [&](std::string_view key, std::string_view value) {
      decisions.emplace_back(key, value);
      return decisions.size() < kBatch;
    }));
    for (const auto& [key, value] : decisions) {
      KAWAT_ASSIGN_OR_RETURN(const ArticleState decision,
                             DecodeArticleState(std::string_view(key).substr(kDecisions.size()), value));
      if (decision.taken_down) {
        txn().Put(key, Encode(ArticleState{.taken_down = true}));
      } else if (decision.membership.number > 0) {
        KAWAT_RETURN_IF_ERROR(BodyWindow(limits_, txn()).AddToCluster(decision.membership.cluster_id, 1));
      }
    }
    adoption_.articles += static_cast<std::int64_t>(decisions.size());
    more = decisions.size() == kBatch;
    from = more ? absl::StrCat(decisions.back().first, std::string(1, '\0')) : from;
    KAWAT_RETURN_IF_ERROR(Commit());
  }
  return absl::OkStatus();
}

// What kawat.parsed still has below the offset: the cursor's record, and observations that showed nothing new.
absl::Status Adopter::ReadParsed(bus::Consumer& consumer) {
  const bus::TopicPartition parsed{std::string(bus::kParsed), 0};
  cursor_ = {.log_epoch = complete_below_.log_epoch, .next = complete_below_.offset};
  KAWAT_ASSIGN_OR_RETURN(const bus::OffsetRange range, consumer.Range(parsed));
  const bool is_there = range.start <= cursor_.next && cursor_.next <= range.end;  // else CheckCursor will say so
  const std::int64_t start = is_there ? range.start : cursor_.next;
  const std::int64_t before = done_.done;
  done_.all += cursor_.next - start;
  bool is_another = false;
  KAWAT_RETURN_IF_ERROR(pipeline::ReadThrough(parsed, start, cursor_.next, consumer, [&](const bus::Record& record) {
    is_another = is_another || (latest_.has_value() && record.key != latest_->second &&
                                latest_->first == Place{cursor_.log_epoch, record.offset});
    cursor_ = pipeline::Advance(cursor_, record);
    Report(before + record.offset + 1 - start);
    return ReadObservation(record);
  }));
  done_.done = done_.all;
  if (is_another) {
    cursor_.checksum = ~cursor_.checksum;  // the topic was made anew: CheckCursor will say so
  }
  // Not of what is decided again: it must come with the time it had.
  if (adopted_time_ != absl::InfinitePast()) {
    cursor_.time_ms = std::max(cursor_.time_ms, absl::ToUnixMillis(adopted_time_));
  }
  KAWAT_RETURN_IF_ERROR(lost_.Finish(txn()));
  return Commit();
}

absl::Status Adopter::ReadObservation(const bus::Record& record) {
  const auto parsed = article::DecodeParsedRecord(record.value.value_or(""));
  const auto* observed = parsed.ok() ? std::get_if<article::Article>(&*parsed) : nullptr;
  if (observed == nullptr) {
    return absl::OkStatus();
  }
  BodyWindow window(limits_, txn());
  KAWAT_RETURN_IF_ERROR(lost_.Observe(*observed, absl::FromUnixMillis(cursor_.time_ms), record.offset, window, txn()));
  KAWAT_ASSIGN_OR_RETURN(std::optional<ArticleState> known, ReadDecision(txn(), observed->id));
  if (!known.has_value() || known->taken_down ||
      std::tie(observed->seq, observed->extractor_version) <= std::tie(known->seq, known->extractor_version) ||
      FingerprintOf(*observed).content != known->content) {
    return absl::OkStatus();
  }
  known->seq = observed->seq;
  known->extractor_version = observed->extractor_version;
  txn().Put(DecisionKey(observed->id), Encode(*known));
  return Changed();
}

absl::Status Adopter::ExpireBodies() {
  const absl::Time now = absl::FromUnixMillis(cursor_.time_ms);
  for (std::int64_t bodies = -1;;) {
    KAWAT_ASSIGN_OR_RETURN(const WindowFill fill, ReadWindowFill(txn()));
    if (fill.bodies == bodies) {
      return Commit();
    }
    bodies = fill.bodies;
    KAWAT_RETURN_IF_ERROR(BodyWindow(limits_, txn()).Expire(now));
    KAWAT_RETURN_IF_ERROR(Changed());
  }
}

absl::Status Adopter::Finish() {
  adoption_.log_epoch = cursor_.log_epoch;
  adoption_.next = cursor_.next;
  txn().Delete(kAdoptingKey);
  txn().Put(kBegunKey, "");
  txn().Put(pipeline::OwnerKey(), kOwner);
  txn().Put(pipeline::CursorKey({std::string(bus::kParsed), 0}), pipeline::EncodeCursor(cursor_));
  return Commit();
}

state::Txn& Adopter::txn() {
  if (txn_ == nullptr) {
    txn_ = state_.Begin();
  }
  return *txn_;
}

absl::Status Adopter::Changed() { return ++changes_ % kBatch == 0 ? Commit() : absl::OkStatus(); }

absl::Status Adopter::Commit() { return txn_ == nullptr ? absl::OkStatus() : state_.Commit(std::move(txn_)); }

void Adopter::Report(std::int64_t records) {
  done_.done = records;
  if (progress_ && records % kReportEvery == 0) {
    progress_(done_);
  }
}

}  // namespace

absl::StatusOr<Adoption> Adopt(bus::Bus& bus, state::Store& state, WindowLimits limits,
                               const std::function<void(const AdoptionProgress&)>& progress) {
  return Adopter(state, limits, progress).Run(bus);
}

}  // namespace kawat::dedupe
