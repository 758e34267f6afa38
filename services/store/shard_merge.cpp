#include "services/store/shard_merge.h"

#include <algorithm>
#include <utility>

#include "base/status.h"
#include "services/store/library.h"
#include "services/store/shard_state.h"
#include "state/fields.h"

namespace kawat::store {
namespace {

// Without words and facets the shard's own order suffices; it is never behind.
absl::StatusOr<std::vector<IndexHit>> ListAll(const state::Store& state, const IndexQuery& query, std::size_t limit) {
  std::vector<IndexHit> hits;
  if (query.before <= query.from) {
    return hits;
  }
  KAWAT_RETURN_IF_ERROR(
      state.Scan(kPositions, PositionKey(query.before - 1), [&](std::string_view key, std::string_view id) {
        const Position position =
            kNewest - static_cast<Position>(state::ReadOrderedNumber(key.substr(kPositions.size())));
        if (position < query.from) {
          return false;
        }
        hits.push_back({.article_id = std::string(id), .position = position});
        return hits.size() < limit;
      }));
  return hits;
}

absl::StatusOr<std::vector<IndexHit>> Find(const Shard& shard, const IndexQuery& query, std::size_t limit,
                                           const Patience& patience) {
  if (query.all_of.empty() && query.none_of.empty() && query.observed_from == absl::InfinitePast()) {
    return ListAll(*shard.state, query, limit);
  }
  return shard.index->Find(query, limit, patience);
}

}  // namespace

ShardMerge::ShardMerge(const std::vector<Shard>& shards, const IndexQuery& query, const std::vector<Position>& places)
    : query_(query) {
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const Position place = std::min(places[i], query.before);
    sources_.push_back({.shard = &shards[i], .asked = place, .given = place});
  }
}

absl::StatusOr<ShardMerge::Source*> ShardMerge::Newest(std::size_t expected, const Patience& patience) {
  Source* newest = nullptr;
  for (Source& source : sources_) {
    if (source.hits.empty() && !source.at_end) {
      query_.before = source.asked;
      KAWAT_ASSIGN_OR_RETURN(const std::vector<IndexHit> hits, Find(*source.shard, query_, expected, patience));
      source.at_end = hits.size() < expected;
      source.hits.assign(hits.begin(), hits.end());
      if (!hits.empty()) {
        source.asked = hits.back().position;
      }
    }
    if (!source.hits.empty() && (newest == nullptr || source.hits.front().position > newest->hits.front().position)) {
      newest = &source;
    }
  }
  return newest;
}

absl::StatusOr<std::optional<std::string>> ShardMerge::Next(std::size_t expected, const Patience& patience) {
  KAWAT_ASSIGN_OR_RETURN(Source* const newest, Newest(expected, patience));
  if (newest == nullptr) {
    return std::nullopt;
  }
  std::optional<std::string> id = std::move(newest->hits.front().article_id);
  newest->given = newest->hits.front().position;
  newest->hits.pop_front();
  return id;
}

absl::StatusOr<bool> ShardMerge::HasMore(const Patience& patience) {
  KAWAT_ASSIGN_OR_RETURN(Source* const newest, Newest(1, patience));
  return newest != nullptr;
}

std::vector<Position> ShardMerge::places() const {
  std::vector<Position> places;
  places.reserve(sources_.size());
  for (const Source& source : sources_) {
    places.push_back(source.given);
  }
  return places;
}

}  // namespace kawat::store
