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

template <class Fields, class Value>
void VisitState(Value& state, Fields& fields) {
  fields.Format(kFormat).Signed(state.seq).Signed(state.extractor_version).Signed(state.revision).Text(state.content);
  fields.Number(state.taken_down).Signed(state.membership.number).Text(state.membership.cluster_id);
  fields.Number(state.membership.relation).Text(state.membership.original_id);
}

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

std::string Encode(const ArticleState& state) {
  state::FieldWriter out;
  VisitState(state, out);
  return out.Take();
}

absl::StatusOr<ArticleState> DecodeArticleState(std::string_view article_id, std::string_view bytes) {
  ArticleState state;
  state::FieldReader in(bytes);
  VisitState(state, in);
  KAWAT_RETURN_IF_ERROR(in.Finish("an article's decision"));
  if (state.membership.number > 0) {
    state.membership.article_id = std::string(article_id);
  }
  return state;
}

std::string Encode(const BodyOwner& owner) {
  state::FieldWriter out;
  out.Format(kFormat).Text(owner.article_id).Text(owner.cluster_id);
  out.Signed(absl::ToUnixMillis(owner.append_time)).Signed(owner.offset);
  return out.Take();
}

absl::StatusOr<BodyOwner> DecodeBodyOwner(std::string_view bytes) {
  BodyOwner owner;
  std::int64_t append_ms = 0;
  state::FieldReader in(bytes);
  in.Format(kFormat).Text(owner.article_id).Text(owner.cluster_id).Signed(append_ms).Signed(owner.offset);
  KAWAT_RETURN_IF_ERROR(in.Finish("a body's owner"));
  owner.append_time = absl::FromUnixMillis(append_ms);
  return owner;
}

}  // namespace kawat::dedupe
