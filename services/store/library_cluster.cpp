#include <iterator>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/store/library.h"

namespace kawat::store {

std::size_t BytesOf(const FoundArticle& found) {
  constexpr std::size_t kNumbersAndTags = 200;
  const article::Article& article = found.article;
  std::size_t bytes = kNumbersAndTags + found.source_name.size() + found.source_group.size() + found.snippet.size();
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

absl::StatusOr<std::vector<std::string>> Library::FirstMembers(const std::string& cluster_id,
                                                               const Patience& patience) const {
  std::set<std::pair<article::Version, std::string>> first;  // in the order in which they were decided
  const std::string prefix = ClusterPrefix(cluster_id);
  for (const Shard& shard : shards_) {
    absl::Status status;
    KAWAT_RETURN_IF_ERROR(shard.state->Scan(prefix, "", [&](std::string_view key, std::string_view value) {
      const absl::StatusOr<Member> member = DecodeMember(value);
      status = member.ok() ? patience.Check() : member.status();
      if (!status.ok()) {
        return false;
      }
      first.emplace(member->version, key.substr(prefix.size()));
      if (first.size() > kMaxClusterMembers) {
        first.erase(std::prev(first.end()));
      }
      return true;
    }));
    KAWAT_RETURN_IF_ERROR(status);
  }
  std::vector<std::string> ids;
  ids.reserve(first.size());
  for (const auto& [version, id] : first) {
    ids.push_back(id);
  }
  return ids;
}

absl::StatusOr<Cluster> Library::GetCluster(const std::string& cluster_id, bool with_bodies,
                                            const Patience& patience) const {
  if (!article::IsArticleId(cluster_id)) {
    return absl::InvalidArgumentError("id: not 32 lower-case hexadecimal digits");
  }
  KAWAT_ASSIGN_OR_RETURN(const std::vector<std::string> members, FirstMembers(cluster_id, patience));
  Cluster cluster{.id = cluster_id};
  std::size_t body_bytes = 0;
  std::size_t other_bytes = 0;
  for (const std::string& id : members) {
    KAWAT_RETURN_IF_ERROR(patience.Check());
    absl::StatusOr<FoundArticle> found = Get(id);
    if (absl::IsNotFound(found.status())) {
      continue;
    }
    KAWAT_RETURN_IF_ERROR(found.status());
    std::string& body = found->article.body;
    other_bytes += BytesOf(*found) - body.size();
    if (other_bytes > kMaxPageBytes - kMaxClusterBodyBytes) {
      break;
    }
    body_bytes += body.size();
    if (!with_bodies || body_bytes > kMaxClusterBodyBytes) {
      body.clear();
    }
    cluster.articles.push_back(*std::move(found));
  }
  if (cluster.articles.empty()) {
    return absl::NotFoundError(absl::StrCat("no cluster ", cluster_id));
  }
  return cluster;
}

}  // namespace kawat::store
