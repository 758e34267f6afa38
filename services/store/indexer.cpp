#include "services/store/indexer.h"

#include <optional>
#include <set>
#include <string>

#include "base/status.h"
#include "services/store/query.h"
#include "services/store/shard_state.h"
#include "telemetry/log.h"
#include "url/url.h"

namespace kawat::store {
namespace {

constexpr std::size_t kMaxBatch = 500;  // changes in one transaction
constexpr std::int64_t kMaxLagCounted = 100'000;

Document DocumentOf(const article::Article& article, Position position) {
  const absl::StatusOr<url::Url> url = url::Url::Parse(article.canonical_url);
  return {.article_id = article.id,
          .position = position,
          .observed_time = article.observed_time,
          .source_id = article.source_id,
          .language = PrimaryLanguage(article.language),
          .host = url.ok() ? url->host() : "",
          .title = article.title,
          .body = article.body};
}

}  // namespace

absl::StatusOr<Indexer::Batch> Indexer::NextBatch() const {
  std::set<std::string> changed;
  Batch batch{.last = index_.last_sequence()};
  KAWAT_RETURN_IF_ERROR(ScanChanges(state_, batch.last + 1, [&](std::int64_t offset, const Change& change) {
    changed.insert(change.article_id);
    batch.last = offset;
    return changed.size() < kMaxBatch;
  }));
  for (const std::string& article_id : changed) {
    KAWAT_ASSIGN_OR_RETURN(const Head head, ReadHead(state_, article_id));
    if (head.taken_down) {
      batch.remove.push_back(article_id);
      continue;
    }
    KAWAT_ASSIGN_OR_RETURN(const std::optional<Revision> newest, ReadRevision(state_, article_id, head.revision));
    // Else it is in a later batch. An older revision that came after it may have moved the article.
    if (newest.has_value() && newest->offset <= batch.last) {
      KAWAT_ASSIGN_OR_RETURN(const article::Article article, ArticleOf(head, *newest));
      batch.add.push_back(DocumentOf(article, head.position));
    }
  }
  return batch;
}

absl::Status Indexer::CatchUp() {
  KAWAT_ASSIGN_OR_RETURN(const Totals totals, ReadTotals(state_));
  if (index_.last_sequence() > totals.last_offset) {
    KAWAT_RETURN_IF_ERROR(index_.Clear());
  }
  for (bool damaged = false;;) {
    KAWAT_ASSIGN_OR_RETURN(const Batch batch, NextBatch());
    if (batch.last == index_.last_sequence()) {
      return absl::OkStatus();
    }
    const absl::Status updated = index_.Update(batch.add, batch.remove, batch.last);
    if (absl::IsDataLoss(updated) && !damaged) {
      damaged = true;
      telemetry::Warn("the search index is damaged and is made anew", {{"why", updated}});
      KAWAT_RETURN_IF_ERROR(index_.Clear());
      continue;
    }
    KAWAT_RETURN_IF_ERROR(updated);
    for (const Document& document : batch.add) {
      if (on_searchable_) {
        on_searchable_(document);
      }
    }
  }
}

absl::StatusOr<std::int64_t> IndexLag(const state::Reader& state, const SearchIndex& index) {
  std::int64_t lag = 0;
  KAWAT_RETURN_IF_ERROR(ScanChanges(state, index.last_sequence() + 1,
                                    [&](std::int64_t, const Change&) { return ++lag < kMaxLagCounted; }));
  return lag;
}

}  // namespace kawat::store
