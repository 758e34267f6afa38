#include "services/dedupe/decision.h"

#include "base/status.h"
#include "state/fields.h"

namespace kawat::dedupe {
namespace {

constexpr int kFormat = 1;  // of both values; raised when a field is no longer appended but changed

Verdict Judge(const std::optional<ArticleState>& known, const article::Article& observed,
              const Fingerprint& fingerprint) {
  if (!known.has_value()) {
    return Verdict::kFirst;
  }
  if (known->taken_down || observed.seq < known->seq ||
      (observed.seq == known->seq && observed.extractor_version <= known->extractor_version)) {
    return Verdict::kStale;
  }
  if (observed.seq == known->seq) {
    return Verdict::kReplaced;
  }
  return fingerprint.content == known->content ? Verdict::kUnchanged : Verdict::kRevision;
}

article::Membership InClusterOf(const BodyOwner& owner, const article::Article& observed, int number) {
  return {.article_id = observed.id,
          .number = number,
          .cluster_id = owner.cluster_id,
          .relation = article::Relation::kCopy,
          .original_id = owner.article_id};
}

constexpr auto kStateFields = [](auto& state, auto& fields) {
  fields.Format(kFormat).Signed(state.seq).Signed(state.extractor_version).Signed(state.revision).Text(state.content);
  fields.Number(state.taken_down).Signed(state.membership.number).Text(state.membership.cluster_id);
  fields.Number(state.membership.relation).Text(state.membership.original_id);
};

constexpr auto kOwnerFields = [](auto& owner, auto& fields) {
  fields.Format(kFormat).Text(owner.article_id).Text(owner.cluster_id).Time(owner.append_time).Signed(owner.offset);
};

}  // namespace

Decision Decide(const std::optional<ArticleState>& known, const article::Article& observed,
                const Fingerprint& fingerprint, const std::optional<BodyOwner>& same_body, bool alone) {
  Decision decision{.verdict = Judge(known, observed, fingerprint), .next = known.value_or(ArticleState())};
  if (decision.verdict == Verdict::kStale) {
    return decision;
  }
  ArticleState& next = decision.next;
  next.seq = observed.seq;
  next.extractor_version = observed.extractor_version;
  if (decision.verdict == Verdict::kUnchanged) {
    return decision;
  }
  next.content = fingerprint.content;
  if (decision.verdict != Verdict::kReplaced) {
    ++next.revision;
  }
  const bool elsewhere = same_body.has_value() && same_body->article_id != observed.id;
  if (decision.verdict == Verdict::kFirst) {
    next.membership = elsewhere ? InClusterOf(*same_body, observed, 1)
                                : article::Membership{.article_id = observed.id,
                                                      .number = 1,
                                                      .cluster_id = observed.id,
                                                      .relation = article::Relation::kOriginal};
    decision.membership_changed = true;
  } else if (elsewhere && alone && same_body->cluster_id != next.membership.cluster_id) {
    next.membership = InClusterOf(*same_body, observed, next.membership.number + 1);
    decision.membership_changed = true;
  }
  return decision;
}

std::string Encode(const ArticleState& state) { return state::ToBytes(state, kStateFields); }
std::string Encode(const BodyOwner& owner) { return state::ToBytes(owner, kOwnerFields); }

absl::StatusOr<ArticleState> DecodeArticleState(std::string_view article_id, std::string_view bytes) {
  KAWAT_ASSIGN_OR_RETURN(ArticleState state,
                         state::FromBytes<ArticleState>(bytes, "an article's decision", kStateFields));
  if (state.membership.number > 0) {
    state.membership.article_id = std::string(article_id);
  }
  return state;
}

absl::StatusOr<BodyOwner> DecodeBodyOwner(std::string_view bytes) {
  return state::FromBytes<BodyOwner>(bytes, "a body's owner", kOwnerFields);
}

}  // namespace kawat::dedupe
