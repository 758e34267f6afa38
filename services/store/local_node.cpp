#include "services/store/local_node.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "absl/strings/str_cat.h"
#include "bus/record.h"
#include "services/store/indexer.h"
#include "state/fields.h"

namespace kawat::store {
namespace {

// Without words and facets the shard's own order suffices; it is never behind.
absl::StatusOr<std::vector<IndexHit>> ListAll(const state::Store& state, const IndexQuery& query, std::size_t limit) {
  std::vector<IndexHit> hits;
  if (query.before <= query.from || limit == 0) {
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

absl::StatusOr<std::vector<IndexHit>> FindIn(const Shard& shard, const IndexQuery& query, std::size_t limit,
                                             const Patience& patience) {
  if (query.all_of.empty() && query.none_of.empty() && query.observed_from == absl::InfinitePast()) {
    return ListAll(*shard.state, query, limit);
  }
  return shard.index->Find(query, limit, patience);
}

absl::StatusOr<StoredChange> ReadChange(const state::Store& state, std::int64_t offset, const Change& change) {
  StoredChange read{.offset = offset};
  KAWAT_ASSIGN_OR_RETURN(const Head head, ReadHead(state, change.article_id));
  KAWAT_ASSIGN_OR_RETURN(const std::optional<Revision> revision,
                         ReadRevision(state, change.article_id, change.revision));
  if (!head.taken_down && revision.has_value() && revision->offset == offset) {
    KAWAT_ASSIGN_OR_RETURN(read.article, ArticleOf(head, *revision));
  }
  return read;
}

}  // namespace

std::size_t BytesOf(const article::Article& article) {
  constexpr std::size_t kNumbersAndTags = 200;
  std::size_t bytes = kNumbersAndTags;
  for (const std::string* text : {&article.id, &article.url, &article.canonical_url, &article.source_id, &article.title,
                                  &article.body, &article.language, &article.section, &article.agency,
                                  &article.copyright, &article.image_url, &article.cluster_id, &article.original_id}) {
    bytes += text->size();
  }
  for (const std::string& author : article.authors) {
    bytes += author.size();
  }
  return bytes;
}

absl::StatusOr<const Shard*> LocalNode::Own(int shard) const {
  const auto at =
      std::find_if(shards_.begin(), shards_.end(), [shard](const Shard& each) { return each.number == shard; });
  if (at == shards_.end()) {
    return absl::InvalidArgumentError(absl::StrCat("shard ", shard, " is not of this node"));
  }
  return &*at;
}

absl::StatusOr<std::vector<std::vector<IndexHit>>> LocalNode::Find(const IndexQuery& query,
                                                                   const std::vector<Place>& places, std::size_t limit,
                                                                   const Patience& patience) const {
  std::vector<std::vector<IndexHit>> all;
  IndexQuery part = query;
  for (const Place& place : places) {
    KAWAT_ASSIGN_OR_RETURN(const Shard* const shard, Own(place.shard));
    part.before = std::min(place.before, query.before);
    KAWAT_ASSIGN_OR_RETURN(all.emplace_back(), FindIn(*shard, part, limit, patience));
  }
  return all;
}

absl::StatusOr<std::vector<std::optional<article::Article>>> LocalNode::Read(const std::vector<std::string>& ids,
                                                                             bool with_bodies,
                                                                             const Patience& patience) const {
  std::vector<std::optional<article::Article>> articles;
  std::size_t bytes = 0;
  for (const std::string& id : ids) {
    KAWAT_RETURN_IF_ERROR(patience.Check());
    KAWAT_ASSIGN_OR_RETURN(const Shard* const shard, Own(bus::PartitionOf(id, count_)));
    KAWAT_ASSIGN_OR_RETURN(std::optional<article::Article> article, ReadNewest(*shard->state, id));
    if (article.has_value()) {
      if (!with_bodies) {
        article->body.clear();
      }
      bytes += BytesOf(*article);
    }
    articles.push_back(std::move(article));
    if (bytes >= kMaxReadBytes) {
      break;
    }
  }
  return articles;
}

absl::StatusOr<std::vector<FoundAlias>> LocalNode::FindAliases(const std::vector<std::string>& urls,
                                                               const Patience& patience) const {
  std::vector<FoundAlias> found;
  for (std::size_t url = 0; url < urls.size(); ++url) {
    for (const Shard& shard : shards_) {
      KAWAT_RETURN_IF_ERROR(patience.Check());
      KAWAT_ASSIGN_OR_RETURN(std::optional<Alias> alias, ReadAlias(*shard.state, urls[url]));
      if (alias.has_value()) {
        found.push_back({.url = url, .shard = shard.number, .article_id = std::move(alias->article_id)});
      }
    }
  }
  return found;
}

absl::StatusOr<std::vector<ClusterMember>> LocalNode::FirstMembers(const std::string& cluster_id,
                                                                   const Patience& patience) const {
  std::set<ClusterMember> first;
  const std::string prefix = ClusterPrefix(cluster_id);
  for (const Shard& shard : shards_) {
    absl::Status status;
    KAWAT_RETURN_IF_ERROR(shard.state->Scan(prefix, "", [&](std::string_view key, std::string_view value) {
      const absl::StatusOr<Member> member = DecodeMember(value);
      status = member.ok() ? patience.Check() : member.status();
      if (!status.ok()) {
        return false;
      }
      first.insert({.version = member->version, .article_id = std::string(key.substr(prefix.size()))});
      if (first.size() > kMaxClusterMembers) {
        first.erase(std::prev(first.end()));
      }
      return true;
    }));
    KAWAT_RETURN_IF_ERROR(status);
  }
  return std::vector<ClusterMember>(first.begin(), first.end());
}

absl::StatusOr<std::vector<ShardStats>> LocalNode::GetStats(const Patience& patience) const {
  std::vector<ShardStats> all;
  for (const Shard& shard : shards_) {
    KAWAT_RETURN_IF_ERROR(patience.Check());
    ShardStats stats{.shard = shard.number};
    KAWAT_ASSIGN_OR_RETURN(stats.totals, ReadTotals(*shard.state));
    KAWAT_ASSIGN_OR_RETURN(stats.index_lag, IndexLag(*shard.state, *shard.index));
    all.push_back(stats);
  }
  return all;
}

absl::StatusOr<std::int64_t> LocalNode::LastSequence(int shard) const {
  KAWAT_ASSIGN_OR_RETURN(const Shard* const own, Own(shard));
  return own->index->last_sequence();
}

absl::Status LocalNode::Refresh(const Patience&) const { return absl::OkStatus(); }

absl::StatusOr<std::vector<StoredChange>> LocalNode::ReadChanges(int shard, std::int64_t after,
                                                                 const Patience& patience) const {
  KAWAT_ASSIGN_OR_RETURN(const Shard* const own, Own(shard));
  const std::int64_t last = own->index->last_sequence();
  std::vector<StoredChange> read;
  if (after >= last) {
    return read;
  }
  std::size_t bytes = 0;
  absl::Status status;
  KAWAT_RETURN_IF_ERROR(ScanChanges(*own->state, after + 1, [&](std::int64_t offset, const Change& change) {
    status = patience.Check();
    if (offset > last || !status.ok()) {
      return false;
    }
    absl::StatusOr<StoredChange> one = ReadChange(*own->state, offset, change);
    status = one.status();
    if (!status.ok()) {
      return false;
    }
    bytes += one->article.has_value() ? BytesOf(*one->article) : 0;
    read.push_back(*std::move(one));
    return read.size() < kMaxLookAhead && bytes < kMaxLookAheadBytes;
  }));
  KAWAT_RETURN_IF_ERROR(status);
  return read;
}

}  // namespace kawat::store
