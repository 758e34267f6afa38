// Single articles and clusters: which nodes have them.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "bus/record.h"
#include "services/store/library.h"
#include "services/store/local_node.h"
#include "url/url.h"

namespace kawat::store {

std::size_t BytesOf(const FoundArticle& found) {
  return BytesOf(found.article) + found.source_name.size() + found.source_group.size() + found.snippet.size();
}

// The first of `ids`, as many as their nodes give at once, and at least one.
absl::StatusOr<std::vector<std::optional<article::Article>>> Library::Read(const std::vector<std::string>& ids,
                                                                           bool with_bodies,
                                                                           const Patience& patience) const {
  struct Question {
    const Node* node = nullptr;
    std::vector<std::string> ids;
  };
  std::vector<Question> questions;
  std::vector<std::size_t> asked;  // of each id: which question it is in
  for (const std::string& id : ids) {
    const Node& node = NodeOf(bus::PartitionOf(id, shards_));
    std::size_t i = 0;
    while (i < questions.size() && questions[i].node != &node) {
      ++i;
    }
    if (i == questions.size()) {
      questions.push_back({.node = &node});
    }
    questions[i].ids.push_back(id);
    asked.push_back(i);
  }
  KAWAT_ASSIGN_OR_RETURN(auto answers, AskAll(questions.size(), [&](std::size_t i) {
                           return questions[i].node->Read(questions[i].ids, with_bodies, patience);
                         }));
  std::vector<std::optional<article::Article>> articles;
  std::vector<std::size_t> taken(answers.size());
  for (const std::size_t i : asked) {
    if (taken[i] == answers[i].size()) {
      break;
    }
    articles.push_back(std::move(answers[i][taken[i]++]));
  }
  return articles;
}

absl::StatusOr<FoundArticle> Library::Join(article::Article article) const {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<KnownSource> known, ReadSource(sources_, article.source_id));
  FoundArticle found{.article = std::move(article)};
  if (known.has_value()) {
    found.source_name = known->source.name;
    found.source_group = known->source.group;
  }
  return found;
}

absl::StatusOr<FoundArticle> Library::Get(const std::string& article_id, const Patience& patience) const {
  if (!article::IsArticleId(article_id)) {
    return absl::InvalidArgumentError("id: not 32 lower-case hexadecimal digits");
  }
  KAWAT_ASSIGN_OR_RETURN(auto articles, Read({article_id}, /*with_bodies=*/true, patience));
  if (!articles.front().has_value()) {
    return absl::NotFoundError(absl::StrCat("no article ", article_id));
  }
  return Join(*std::move(articles.front()));
}

absl::StatusOr<FoundArticle> Library::GetByUrl(const std::string& url, const Patience& patience) const {
  absl::StatusOr<std::string> canonical = url::Canonical(url);
  if (!canonical.ok()) {
    return base::Annotate(canonical.status(), "url");
  }
  absl::StatusOr<FoundArticle> found = Get(article::ArticleId(*canonical), patience);
  if (!absl::IsNotFound(found.status())) {
    return found;
  }
  const std::vector<std::string> urls = {url, *canonical};
  KAWAT_ASSIGN_OR_RETURN(const auto answers,
                         AskAll(nodes_.size(), [&](std::size_t i) { return nodes_[i]->FindAliases(urls, patience); }));
  std::vector<FoundAlias> aliases;
  for (const std::vector<FoundAlias>& answer : answers) {
    aliases.insert(aliases.end(), answer.begin(), answer.end());
  }
  std::sort(aliases.begin(), aliases.end());
  for (const FoundAlias& alias : aliases) {
    found = Get(alias.article_id, patience);
    if (!absl::IsNotFound(found.status())) {
      return found;
    }
  }
  return absl::NotFoundError(absl::StrCat("no article was seen at ", url));
}

absl::StatusOr<std::vector<std::string>> Library::FirstMembers(const std::string& cluster_id,
                                                               const Patience& patience) const {
  KAWAT_ASSIGN_OR_RETURN(const auto answers, AskAll(nodes_.size(), [&](std::size_t i) {
                           return nodes_[i]->FirstMembers(cluster_id, patience);
                         }));
  std::vector<ClusterMember> members;
  for (const std::vector<ClusterMember>& answer : answers) {
    members.insert(members.end(), answer.begin(), answer.end());
  }
  std::sort(members.begin(), members.end());
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < std::min(members.size(), kMaxClusterMembers); ++i) {
    ids.push_back(std::move(members[i].article_id));
  }
  return ids;
}

absl::StatusOr<Cluster> Library::GetCluster(const std::string& cluster_id, bool with_bodies,
                                            const Patience& patience) const {
  if (!article::IsArticleId(cluster_id)) {
    return absl::InvalidArgumentError("id: not 32 lower-case hexadecimal digits");
  }
  KAWAT_ASSIGN_OR_RETURN(std::vector<std::string> left, FirstMembers(cluster_id, patience));
  Cluster cluster{.id = cluster_id};
  std::size_t body_bytes = 0;
  std::size_t other_bytes = 0;
  while (!left.empty() && other_bytes <= kMaxPageBytes - kMaxClusterBodyBytes) {
    const bool bodies = with_bodies && body_bytes <= kMaxClusterBodyBytes;
    KAWAT_ASSIGN_OR_RETURN(auto articles, Read(left, bodies, patience));
    left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(articles.size()));
    for (std::optional<article::Article>& article : articles) {
      if (!article.has_value()) {
        continue;
      }
      KAWAT_ASSIGN_OR_RETURN(FoundArticle found, Join(*std::move(article)));
      std::string& body = found.article.body;
      other_bytes += BytesOf(found) - body.size();
      if (other_bytes > kMaxPageBytes - kMaxClusterBodyBytes) {
        break;
      }
      body_bytes += body.size();
      if (body_bytes > kMaxClusterBodyBytes) {
        body.clear();
      }
      cluster.articles.push_back(std::move(found));
    }
  }
  if (cluster.articles.empty()) {
    return absl::NotFoundError(absl::StrCat("no cluster ", cluster_id));
  }
  return cluster;
}

absl::StatusOr<std::vector<ShardStats>> Library::GetStats(const Patience& patience) const {
  KAWAT_ASSIGN_OR_RETURN(auto answers,
                         AskAll(nodes_.size(), [&](std::size_t i) { return nodes_[i]->GetStats(patience); }));
  std::vector<ShardStats> all;
  for (std::vector<ShardStats>& answer : answers) {
    all.insert(all.end(), answer.begin(), answer.end());
  }
  std::sort(all.begin(), all.end(), [](const ShardStats& a, const ShardStats& b) { return a.shard < b.shard; });
  return all;
}

absl::Status Library::Refresh(const Patience& patience) const {
  return AskAll(nodes_.size(),
                [&](std::size_t i) -> absl::StatusOr<bool> {
                  KAWAT_RETURN_IF_ERROR(nodes_[i]->Refresh(patience));
                  return true;
                })
      .status();
}

}  // namespace kawat::store
