#include "services/dedupe/lost_articles.h"

#include <iterator>
#include <tuple>

#include "base/status.h"
#include "services/dedupe/stage.h"

namespace kawat::dedupe {
namespace {

// Puts `change(decision)` of an article that was decided and not taken down; nothing if that is nullopt.
template <class Change>
absl::Status ChangeDecision(const std::string& article_id, state::Txn& state, Change change) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<ArticleState> known, ReadDecision(state, article_id));
  if (known.has_value() && !known->taken_down) {
    ArticleState next = *known;
    change(next);
    state.Put(DecisionKey(article_id), Encode(next));
  }
  return absl::OkStatus();
}

}  // namespace

void LostArticles::Note(const AdoptedFact& fact) {
  if (const auto* erased = std::get_if<ErasedRevision>(&fact.fact)) {
    articles_[fact.article_id].erased.insert(erased->revision);
  } else if (const auto* revision = std::get_if<AdoptedRevision>(&fact.fact)) {
    std::optional<AdoptedRevision>& first = articles_[fact.article_id].first_told;
    if (!first.has_value() || revision->revision < first->revision) {
      first = *revision;
    }
  }
}

absl::Status LostArticles::Guess(state::Txn& state) {
  for (const auto& [article_id, lost] : articles_) {
    KAWAT_RETURN_IF_ERROR(ChangeDecision(article_id, state, [&told = lost](ArticleState& known) {
      if (known.revision > 0 || !told.first_told.has_value()) {
        return;
      }
      const int first = told.first_told->revision;
      if (const auto at = told.erased.lower_bound(first); at != told.erased.begin()) {
        known.revision = *std::prev(at);  // then came `first`, and a take-down of both
        return;
      }
      known.revision = first;  // it was told again in place: the same observation, extracted better
      known.seq = told.first_told->seq;
      known.extractor_version = told.first_told->extractor_version - 1;
    }));
  }
  return absl::OkStatus();
}

absl::Status LostArticles::Observe(const article::Article& observed, absl::Time now, std::int64_t offset,
                                   BodyWindow& window, const state::Txn& state) {
  const auto found = articles_.find(observed.id);
  if (found == articles_.end()) {
    return absl::OkStatus();
  }
  Lost& lost = found->second;
  const Fingerprint fingerprint = FingerprintOf(observed);
  const Decision decision = Decide(lost.observed, observed, fingerprint, std::nullopt, /*alone=*/false);
  lost.observed = decision.next;
  KAWAT_ASSIGN_OR_RETURN(const std::optional<ArticleState> known, ReadDecision(state, observed.id));
  if (!known.has_value() || !decision.publishes_revision() || fingerprint.body.empty() ||
      !lost.erased.contains(decision.next.revision)) {
    return absl::OkStatus();
  }
  KAWAT_ASSIGN_OR_RETURN(const std::optional<BodyOwner> owner, window.Find(fingerprint.body, now));
  if (owner.has_value()) {
    return absl::OkStatus();
  }
  return window.Restore(
      fingerprint.body,
      {.article_id = observed.id, .cluster_id = known->membership.cluster_id, .append_time = now, .offset = offset});
}

absl::Status LostArticles::Finish(state::Txn& state) {
  for (const auto& [article_id, lost] : articles_) {
    if (!lost.observed.has_value()) {
      continue;
    }
    KAWAT_RETURN_IF_ERROR(ChangeDecision(article_id, state, [&seen = *lost.observed](ArticleState& known) {
      if (seen.revision >= known.revision &&
          std::tie(seen.seq, seen.extractor_version) >= std::tie(known.seq, known.extractor_version)) {
        known.seq = seen.seq;
        known.extractor_version = seen.extractor_version;
        known.revision = seen.revision;
        known.content = seen.content;
      }
    }));
  }
  return absl::OkStatus();
}

}  // namespace kawat::dedupe
