#include "services/dedupe/stage.h"

#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "article/codec.h"
#include "base/status.h"
#include "bus/topics.h"

namespace kawat::dedupe {
namespace {

void Send(std::string_view article_id, const std::string& key, decltype(article::ArticleEvent::fact) fact,
          pipeline::Outbox& out, std::optional<article::BodyOwnership> ownership = std::nullopt) {
  const bus::Origin origin = out.next_origin();
  const article::ArticleEvent event{.version = {origin.log_epoch, origin.offset, origin.index},
                                    .complete_below = out.complete_below(),
                                    .fact = std::move(fact),
                                    .body_ownership = ownership};
  out.Send(bus::kArticles, article_id, key, article::Encode(event));
}

// Also of an observation that is not newer: the URL was seen all the same.
absl::Status TellAlias(const article::Article& article, state::Txn& state, pipeline::Outbox& out) {
  if (article.url.empty() || article.url == article.canonical_url) {
    return absl::OkStatus();
  }
  const std::string key = article::AliasKey(article.id, article.url);
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> told, state.Get(key));
  if (!told.has_value()) {
    state.Put(key, "");
    Send(article.id, key, article::UrlAlias{.article_id = article.id, .url = article.url}, out);
  }
  return absl::OkStatus();
}

// nullopt as well if the owner was taken down: nobody is to be led to what is erased. Its place is then free.
absl::StatusOr<std::optional<BodyOwner>> FindOwner(std::string_view body, absl::Time now, const BodyWindow& window,
                                                   const state::Reader& state) {
  KAWAT_ASSIGN_OR_RETURN(std::optional<BodyOwner> owner, window.Find(body, now));
  if (owner.has_value()) {
    KAWAT_ASSIGN_OR_RETURN(const std::optional<ArticleState> known, ReadDecision(state, owner->article_id));
    if (known.has_value() && known->taken_down) {
      return std::nullopt;
    }
  }
  return owner;
}

// Who owns the body from now on, if that is `article`: it was so before, or nobody is.
std::optional<article::BodyOwnership> OwnershipOf(const article::Article& article, const Fingerprint& fingerprint,
                                                  const std::optional<BodyOwner>& owner, const bus::Record& in) {
  if (fingerprint.body.empty() || (owner.has_value() && owner->article_id != article.id)) {
    return std::nullopt;
  }
  return owner.has_value() ? article::BodyOwnership{.append_time = owner->append_time, .offset = owner->offset}
                           : article::BodyOwnership{.append_time = in.append_time, .offset = in.offset};
}

void TellRevision(article::Article article, const ArticleState& state, std::optional<article::BodyOwnership> ownership,
                  pipeline::Outbox& out) {
  article.revision = state.revision;
  article.cluster_id = state.membership.cluster_id;
  article.original_id = state.membership.original_id;
  Send(article.id, article::RevisionKey(article.id, article.revision), article, out, ownership);
}

}  // namespace

absl::Status DedupeStage::Apply(const bus::Record& in, state::Txn& state, pipeline::Outbox& out) {
  if (!in.value.has_value()) {
    return absl::OkStatus();  // kawat.parsed is not compacted: a null says nothing
  }
  KAWAT_ASSIGN_OR_RETURN(const article::ParsedRecord record, article::DecodeParsedRecord(*in.value));
  if (const auto* take_down = std::get_if<article::TakeDown>(&record)) {
    return TakeDown(*take_down, state, out);
  }
  return Observe(std::get<article::Article>(record), in, state, out);
}

absl::Status DedupeStage::Observe(const article::Article& article, const bus::Record& in, state::Txn& state,
                                  pipeline::Outbox& out) const {
  if (!article::IsArticleId(article.id)) {  // it becomes a part of keys
    return absl::InvalidArgumentError("an article whose id is not 32 hex digits");
  }
  BodyWindow window(limits_, state);
  KAWAT_RETURN_IF_ERROR(window.Expire(in.append_time));
  KAWAT_ASSIGN_OR_RETURN(const std::optional<ArticleState> known, ReadDecision(state, article.id));
  if (known.has_value() && known->taken_down) {
    return absl::OkStatus();
  }
  const Fingerprint fingerprint = FingerprintOf(article);
  std::optional<BodyOwner> owner;
  if (!fingerprint.body.empty()) {
    KAWAT_ASSIGN_OR_RETURN(owner, FindOwner(fingerprint.body, in.append_time, window, state));
  }
  bool alone = false;
  if (known.has_value()) {
    KAWAT_ASSIGN_OR_RETURN(const std::int64_t members, window.ClusterSize(known->membership.cluster_id));
    alone = members == 1;
  }
  const Decision decision = Decide(known, article, fingerprint, owner, alone);
  if (decision.verdict != Verdict::kStale) {
    state.Put(DecisionKey(article.id), Encode(decision.next));
  }
  if (decision.publishes_revision()) {
    TellRevision(article, decision.next, OwnershipOf(article, fingerprint, owner, in), out);
  }
  const article::Membership& membership = decision.next.membership;
  if (decision.membership_changed) {
    if (known.has_value()) {
      KAWAT_RETURN_IF_ERROR(window.AddToCluster(known->membership.cluster_id, -1));
    }
    KAWAT_RETURN_IF_ERROR(window.AddToCluster(membership.cluster_id, 1));
    Send(article.id, article::MembershipKey(article.id, membership.number), membership, out);
  }
  if (decision.publishes_revision() && !fingerprint.body.empty() && !owner.has_value()) {
    KAWAT_RETURN_IF_ERROR(window.Insert(fingerprint.body, {.article_id = article.id,
                                                           .cluster_id = membership.cluster_id,
                                                           .append_time = in.append_time,
                                                           .offset = in.offset}));
  }
  return TellAlias(article, state, out);
}

absl::Status DedupeStage::TakeDown(const article::TakeDown& take_down, state::Txn& state, pipeline::Outbox& out) const {
  const std::string& id = take_down.article_id;
  if (!article::IsArticleId(id)) {
    return absl::InvalidArgumentError("a take-down whose article id is not 32 hex digits");
  }
  KAWAT_ASSIGN_OR_RETURN(const std::optional<ArticleState> known, ReadDecision(state, id));
  const ArticleState before = known.value_or(ArticleState());
  if (before.taken_down) {
    return absl::OkStatus();
  }
  if (before.membership.number > 0) {
    KAWAT_RETURN_IF_ERROR(BodyWindow(limits_, state).AddToCluster(before.membership.cluster_id, -1));
  }
  state.Put(DecisionKey(id), Encode(ArticleState{.taken_down = true}));  // nothing else is kept of what is erased
  Send(id, article::TakeDownKey(id), take_down, out);
  for (int revision = 1; revision <= before.revision; ++revision) {
    out.Send(bus::kArticles, id, article::RevisionKey(id, revision), std::nullopt);
  }
  return absl::OkStatus();
}

std::string DecisionKey(std::string_view article_id) {
  return absl::StrCat(std::string(kDecisions), std::string(article_id));
}

absl::StatusOr<std::optional<ArticleState>> ReadDecision(const state::Reader& state, std::string_view article_id) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, state.Get(DecisionKey(article_id)));
  if (!bytes.has_value()) {
    return std::nullopt;
  }
  KAWAT_ASSIGN_OR_RETURN(ArticleState decision, DecodeArticleState(article_id, *bytes));
  return decision;
}

absl::Status BeginOrRefuse(state::Store& state, bool articles_is_empty) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> begun, state.Get(kBegunKey));
  if (begun.has_value()) {
    return absl::OkStatus();
  }
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> adopting, state.Get(kAdoptingKey));
  if (adopting.has_value() || !articles_is_empty) {
    return absl::FailedPreconditionError(absl::StrCat(
        "dedupe has no state", adopting.has_value() ? ", since its adoption did not end," : "",
        " but kawat.articles has records: it would decide everything anew. `kawat shard rebuild dedupe/0` adopts what "
        "was decided; a backup of its data folder does as well"));
  }
  std::unique_ptr<state::Txn> txn = state.Begin();
  txn->Put(kBegunKey, "");
  return state.Commit(std::move(txn));
}

}  // namespace kawat::dedupe
