#include "services/dedupe/adopted_fact.h"

#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "article/codec.h"
#include "base/status.h"
#include "services/dedupe/fingerprint.h"
#include "services/dedupe/stage.h"

namespace kawat::dedupe {
namespace {

AdoptedRevision RevisionOf(const article::Article& article, const std::optional<article::BodyOwnership>& ownership) {
  Fingerprint fingerprint = FingerprintOf(article);
  AdoptedRevision revision{.seq = article.seq,
                           .extractor_version = article.extractor_version,
                           .revision = article.revision,
                           .content = std::move(fingerprint.content),
                           .body = std::move(fingerprint.body)};
  if (ownership.has_value() && !revision.body.empty()) {
    revision.owner = BodyOwner{.article_id = article.id,
                               .cluster_id = article.cluster_id,
                               .append_time = ownership->append_time,
                               .offset = ownership->offset};
  }
  return revision;
}

// Of "a/ARTICLE/REVISION"; other keys are never deleted.
std::optional<AdoptedFact> ErasedBy(const bus::Record& record) {
  const std::vector<std::string> parts = absl::StrSplit(record.key, '/');
  int revision = 0;
  if (parts.size() != 3 || parts[0] != "a" || !absl::SimpleAtoi(parts[2], &revision)) {
    return std::nullopt;
  }
  return AdoptedFact{.version = {record.origin.log_epoch, record.origin.offset, record.origin.index},
                     .article_id = parts[1],
                     .fact = ErasedRevision{revision}};
}

}  // namespace

absl::StatusOr<std::optional<AdoptedFact>> ReadFact(const bus::Record& record, std::int64_t& complete_below) {
  if (!record.value.has_value()) {
    return ErasedBy(record);
  }
  KAWAT_ASSIGN_OR_RETURN(article::ArticleEvent event, article::DecodeArticleEvent(*record.value));
  if (event.version.log_epoch == 0 || event.complete_below < 0 || event.complete_below > event.version.offset) {
    return absl::InvalidArgumentError("an event that claims to be complete beyond itself");
  }
  complete_below = event.complete_below;
  AdoptedFact fact{.version = event.version};
  if (auto* article = std::get_if<article::Article>(&event.fact)) {
    fact.article_id = article->id;
    fact.fact = RevisionOf(*article, event.body_ownership);
  } else if (auto* membership = std::get_if<article::Membership>(&event.fact)) {
    fact.article_id = membership->article_id;
    fact.fact = std::move(*membership);
  } else if (auto* alias = std::get_if<article::UrlAlias>(&event.fact)) {
    fact.article_id = alias->article_id;
    fact.fact = std::move(*alias);
  } else {
    auto& take_down = std::get<article::TakeDown>(event.fact);
    fact.article_id = take_down.article_id;
    fact.fact = std::move(take_down);
  }
  return fact;
}

absl::Status AdoptFact(const AdoptedFact& fact, state::Txn& state) {
  if (const auto* alias = std::get_if<article::UrlAlias>(&fact.fact)) {
    state.Put(article::AliasKey(alias->article_id, alias->url), "");
    return absl::OkStatus();
  }
  if (std::holds_alternative<ErasedRevision>(fact.fact)) {
    return absl::OkStatus();  // its take-down says more
  }
  KAWAT_ASSIGN_OR_RETURN(const std::optional<ArticleState> known, ReadDecision(state, fact.article_id));
  ArticleState next = known.value_or(ArticleState());
  if (const auto* revision = std::get_if<AdoptedRevision>(&fact.fact)) {
    if (next.revision == 0 ||
        std::tie(revision->seq, revision->extractor_version) > std::tie(next.seq, next.extractor_version)) {
      next.seq = revision->seq;
      next.extractor_version = revision->extractor_version;
      next.revision = revision->revision;
      next.content = revision->content;
    }
  } else if (const auto* membership = std::get_if<article::Membership>(&fact.fact)) {
    if (membership->number > next.membership.number) {
      next.membership = *membership;
    }
  } else {
    next.taken_down = true;
  }
  state.Put(DecisionKey(fact.article_id), Encode(next));
  return absl::OkStatus();
}

}  // namespace kawat::dedupe
