#include "services/store/grpc_convert.h"

#include <algorithm>

#include "article/convert.h"

namespace kawat::store {

Filter FromProto(const v1::ArticleFilter& in) {
  Filter filter{.source_id = in.source_id(), .source_group = in.source_group(), .language = in.language()};
  if (in.has_published_after()) {
    filter.after = article::FromProto(in.published_after());
  }
  if (in.has_published_before()) {
    filter.before = article::FromProto(in.published_before());
  }
  return filter;
}

void ToProto(const FoundArticle& found, v1::Article& out) {
  article::ToProto(found.article, out);
  out.set_source_name(found.source_name);
  out.set_source_group(found.source_group);
}

v1::HintKind ToProto(Hint::Kind kind) {
  switch (kind) {
    case Hint::Kind::kNone:
      return v1::HINT_KIND_UNSPECIFIED;
    case Hint::Kind::kNothing:
      return v1::HINT_KIND_NOTHING;
    case Hint::Kind::kTooCommon:
      return v1::HINT_KIND_TOO_COMMON;
    case Hint::Kind::kOnlyExcluded:
      return v1::HINT_KIND_ONLY_EXCLUDED;
    case Hint::Kind::kPhraseCut:
      return v1::HINT_KIND_PHRASE_CUT;
    case Hint::Kind::kUnknownFilter:
      return v1::HINT_KIND_UNKNOWN_FILTER;
  }
  return v1::HINT_KIND_UNSPECIFIED;
}

void ToProto(const std::vector<ShardStats>& stats, v1::GetStatsResponse& out) {
  absl::Time newest = absl::InfinitePast();
  for (const ShardStats& shard : stats) {
    v1::ShardStats& to = *out.add_shards();
    to.set_shard(shard.shard);
    to.set_articles(shard.totals.articles);
    to.set_revisions(shard.totals.revisions);
    to.set_clusters(shard.totals.clusters);
    to.set_index_lag_records(shard.index_lag);
    if (shard.totals.newest_observed != absl::InfinitePast()) {
      article::ToProto(shard.totals.newest_observed, *to.mutable_newest_observed_time());
    }
    newest = std::max(newest, shard.totals.newest_observed);
    out.set_articles(out.articles() + shard.totals.articles);
    out.set_revisions(out.revisions() + shard.totals.revisions);
    out.set_clusters(out.clusters() + shard.totals.clusters);
    out.set_sources(std::max<std::int64_t>(out.sources(), shard.totals.sources));  // each shard knows them all
    out.set_index_lag_records(out.index_lag_records() + shard.index_lag);
  }
  if (newest != absl::InfinitePast()) {
    article::ToProto(newest, *out.mutable_newest_observed_time());
  }
}

}  // namespace kawat::store
