#include "services/store/grpc_peer_convert.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "article/convert.h"
#include "services/store/grpc_convert.h"
#include "services/store/library.h"

namespace kawat::store {
namespace {

constexpr std::size_t kMaxClauses = 1'000;
constexpr std::size_t kMaxTerms = 10'000;
constexpr std::size_t kMaxTextBytes = 16 * kMaxQueryBytes;  // normal forms may be longer than what was written
constexpr int kMaxHits = kMaxPageSize + 1;

void ToProto(const std::vector<std::vector<IndexTerm>>& clauses,
             google::protobuf::RepeatedPtrField<v1::SearchClause>& out) {
  for (const std::vector<IndexTerm>& clause : clauses) {
    v1::SearchClause& to = *out.Add();
    for (const IndexTerm& term : clause) {
      v1::SearchTerm& one = *to.add_any_of();
      one.set_kind(static_cast<v1::SearchTermKind>(static_cast<int>(term.kind) + 1));
      one.set_text(term.text);
    }
  }
}

std::vector<std::vector<IndexTerm>> FromProto(const google::protobuf::RepeatedPtrField<v1::SearchClause>& in) {
  std::vector<std::vector<IndexTerm>> clauses;
  for (const v1::SearchClause& clause : in) {
    std::vector<IndexTerm>& to = clauses.emplace_back();
    for (const v1::SearchTerm& term : clause.any_of()) {
      to.push_back({.kind = static_cast<IndexTerm::Kind>(static_cast<int>(term.kind()) - 1), .text = term.text()});
    }
  }
  return clauses;
}

// What a query of a reader can become, and no more.
absl::Status CheckQuery(const v1::FindHitsRequest& in) {
  std::size_t terms = 0;
  std::size_t text_bytes = 0;
  for (const auto* clauses : {&in.all_of(), &in.none_of()}) {
    for (const v1::SearchClause& clause : *clauses) {
      for (const v1::SearchTerm& term : clause.any_of()) {
        if (term.kind() < v1::SEARCH_TERM_KIND_TEXT || term.kind() > v1::SEARCH_TERM_KIND_SITE) {
          return absl::InvalidArgumentError(absl::StrCat("kind: ", term.kind(), " is not known"));
        }
        ++terms;
        text_bytes += term.kind() == v1::SEARCH_TERM_KIND_TEXT ? term.text().size() : 0;
      }
    }
  }
  const std::size_t clauses = static_cast<std::size_t>(in.all_of_size()) + static_cast<std::size_t>(in.none_of_size());
  if (clauses > kMaxClauses || terms > kMaxTerms || text_bytes > kMaxTextBytes) {
    return absl::InvalidArgumentError(absl::StrCat("all_of, none_of: at most ", kMaxClauses, " clauses of ", kMaxTerms,
                                                   " terms with ", kMaxTextBytes, " bytes of text in all"));
  }
  if (in.limit() < 1 || in.limit() > kMaxHits) {
    return absl::InvalidArgumentError(absl::StrCat("limit: must be at least 1 and at most ", kMaxHits));
  }
  return absl::OkStatus();
}

}  // namespace

std::string NodeName(int number, int nodes, int shards) {
  return absl::StrCat(number, " of ", nodes, ", ", shards, " shards");
}

void ToProto(const FindQuestion& question, v1::FindHitsRequest& out) {
  ToProto(question.query.all_of, *out.mutable_all_of());
  ToProto(question.query.none_of, *out.mutable_none_of());
  out.set_from(question.query.from);
  out.set_before(question.query.before);
  if (question.query.observed_from != absl::InfinitePast()) {
    article::ToProto(question.query.observed_from, *out.mutable_observed_from());
  }
  for (const Place& place : question.places) {
    v1::ShardPlace& to = *out.add_places();
    to.set_shard(place.shard);
    to.set_before(place.before);
  }
  out.set_limit(static_cast<std::int32_t>(question.limit));
}

absl::StatusOr<FindQuestion> FromProto(const v1::FindHitsRequest& in) {
  KAWAT_RETURN_IF_ERROR(CheckQuery(in));
  FindQuestion question;
  question.query = {.all_of = FromProto(in.all_of()),
                    .none_of = FromProto(in.none_of()),
                    .from = std::max<Position>(in.from(), 0),
                    .before = std::max<Position>(in.before(), 0)};
  if (in.has_observed_from()) {
    question.query.observed_from = article::FromProto(in.observed_from());
  }
  for (const v1::ShardPlace& place : in.places()) {
    question.places.push_back({.shard = place.shard(), .before = std::max<Position>(place.before(), 0)});
  }
  question.limit = static_cast<std::size_t>(in.limit());
  return question;
}

void ToProto(const std::vector<std::vector<IndexHit>>& hits, v1::FindHitsResponse& out) {
  for (const std::vector<IndexHit>& shard : hits) {
    v1::ShardHits& to = *out.add_shards();
    for (const IndexHit& hit : shard) {
      v1::ShardHit& one = *to.add_hits();
      one.set_article_id(hit.article_id);
      one.set_position(hit.position);
    }
  }
}

std::vector<std::vector<IndexHit>> FromProto(const v1::FindHitsResponse& in) {
  std::vector<std::vector<IndexHit>> hits;
  for (const v1::ShardHits& shard : in.shards()) {
    std::vector<IndexHit>& to = hits.emplace_back();
    for (const v1::ShardHit& hit : shard.hits()) {
      to.push_back({.article_id = hit.article_id(), .position = hit.position()});
    }
  }
  return hits;
}

void ToProto(const std::vector<std::optional<article::Article>>& articles, v1::ReadArticlesResponse& out) {
  for (const std::optional<article::Article>& article : articles) {
    v1::ReadArticle& to = *out.add_articles();
    if (article.has_value()) {
      article::ToProto(*article, *to.mutable_article());
    }
  }
}

std::vector<std::optional<article::Article>> FromProto(const v1::ReadArticlesResponse& in) {
  std::vector<std::optional<article::Article>> articles;
  for (const v1::ReadArticle& article : in.articles()) {
    articles.push_back(article.has_article() ? std::optional(article::FromProto(article.article())) : std::nullopt);
  }
  return articles;
}

void ToProto(const std::vector<FoundAlias>& aliases, v1::FindAliasesResponse& out) {
  for (const FoundAlias& alias : aliases) {
    v1::ShardAlias& to = *out.add_aliases();
    to.set_url(static_cast<std::int32_t>(alias.url));
    to.set_shard(alias.shard);
    to.set_article_id(alias.article_id);
  }
}

std::vector<FoundAlias> FromProto(const v1::FindAliasesResponse& in) {
  std::vector<FoundAlias> aliases;
  for (const v1::ShardAlias& alias : in.aliases()) {
    aliases.push_back({.url = static_cast<std::size_t>(std::max(alias.url(), 0)),
                       .shard = alias.shard(),
                       .article_id = alias.article_id()});
  }
  return aliases;
}

void ToProto(const std::vector<ClusterMember>& members, v1::ListMembersResponse& out) {
  for (const ClusterMember& member : members) {
    v1::ClusterMember& to = *out.add_members();
    to.set_log_epoch(member.version.log_epoch);
    to.set_offset(member.version.offset);
    to.set_index(member.version.index);
    to.set_article_id(member.article_id);
  }
}

std::vector<ClusterMember> FromProto(const v1::ListMembersResponse& in) {
  std::vector<ClusterMember> members;
  for (const v1::ClusterMember& member : in.members()) {
    members.push_back({.version = {.log_epoch = member.log_epoch(), .offset = member.offset(), .index = member.index()},
                       .article_id = member.article_id()});
  }
  return members;
}

void ToProto(const std::vector<ShardStats>& stats, v1::ListShardStatsResponse& out) {
  v1::GetStatsResponse whole;
  ToProto(stats, whole);
  out.mutable_shards()->Swap(whole.mutable_shards());
  out.set_sources(whole.sources());
}

std::vector<ShardStats> FromProto(const v1::ListShardStatsResponse& in) {
  std::vector<ShardStats> all;
  for (const v1::ShardStats& shard : in.shards()) {
    ShardStats& stats = all.emplace_back(ShardStats{.shard = shard.shard(), .index_lag = shard.index_lag_records()});
    stats.totals.articles = shard.articles();
    stats.totals.revisions = shard.revisions();
    stats.totals.clusters = shard.clusters();
    stats.totals.sources = in.sources();
    if (shard.has_newest_observed_time()) {
      stats.totals.newest_observed = article::FromProto(shard.newest_observed_time());
    }
  }
  return all;
}

void ToProto(const std::vector<StoredChange>& changes, v1::ReadChangesResponse& out) {
  for (const StoredChange& change : changes) {
    v1::ShardChange& to = *out.add_changes();
    to.set_offset(change.offset);
    if (change.article.has_value()) {
      article::ToProto(*change.article, *to.mutable_article());
    }
  }
}

std::vector<StoredChange> FromProto(const v1::ReadChangesResponse& in) {
  std::vector<StoredChange> changes;
  for (const v1::ShardChange& change : in.changes()) {
    changes.push_back(
        {.offset = change.offset(),
         .article = change.has_article() ? std::optional(article::FromProto(change.article())) : std::nullopt});
  }
  return changes;
}

}  // namespace kawat::store
