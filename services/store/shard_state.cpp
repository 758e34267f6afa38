#include "services/store/shard_state.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "article/codec.h"
#include "base/status.h"
#include "state/fields.h"
#include "text/text.h"

namespace kawat::store {
namespace {

constexpr int kFormat = 1;  // of each value

std::string Join(std::string_view prefix, std::string_view name, std::string_view end = "") {
  std::string key(prefix);
  key.append(name).append(end);
  return key;
}

constexpr auto kVersionFields = [](auto& version, auto& fields) {
  fields.Number(version.log_epoch).Signed(version.offset).Signed(version.index);
};

constexpr auto kHeadFields = [](auto& head, auto& fields) {
  fields.Format(kFormat).Signed(head.revision).Signed(head.revisions).Signed(head.position).Time(head.first_observed);
  fields.Number(head.taken_down).Signed(head.membership.number).Text(head.membership.cluster_id);
  fields.Number(head.membership.relation).Text(head.membership.original_id);
  kVersionFields(head.membership_version, fields);
};

constexpr auto kRevisionFields = [](auto& revision, auto& fields) {
  fields.Format(kFormat).Signed(revision.offset).Text(revision.event);
};

constexpr auto kMemberFields = [](auto& member, auto& fields) {
  fields.Format(kFormat);
  kVersionFields(member.version, fields);
};

constexpr auto kAliasFields = [](auto& alias, auto& fields) {
  fields.Format(kFormat).Text(alias.article_id);
  kVersionFields(alias.version, fields);
};

constexpr auto kChangeFields = [](auto& change, auto& fields) {
  fields.Format(kFormat).Text(change.article_id).Signed(change.revision);
};

constexpr auto kTotalsFields = [](auto& totals, auto& fields) {
  fields.Format(kFormat).Signed(totals.articles).Signed(totals.revisions).Signed(totals.clusters);
  fields.Signed(totals.sources).Time(totals.newest_observed).Signed(totals.last_offset);
};

}  // namespace

std::string HeadKey(std::string_view article_id) { return Join(kHeads, article_id); }
std::string RevisionsPrefix(std::string_view article_id) { return Join(kRevisions, article_id, "/"); }
std::string RevisionStateKey(std::string_view article_id, int revision) {
  return RevisionsPrefix(article_id) + state::OrderedNumber(static_cast<std::uint64_t>(revision));
}
std::string PositionKey(Position position) {
  return Join(kPositions, state::OrderedNumber(static_cast<std::uint64_t>(kNewest - position)));
}
std::string ChangeKey(std::int64_t offset) {
  return Join(kChanges, state::OrderedNumber(static_cast<std::uint64_t>(offset)));
}
std::string ClusterPrefix(std::string_view cluster_id) { return Join(kMembers, cluster_id, "/"); }
std::string UrlKey(std::string_view url) { return Join(kAliases, article::ArticleId(url)); }
std::string SourceKey(std::string_view source_id) { return Join(kSources, source_id); }
std::string RemovedSourceKey(std::string_view source_id) { return Join(kRemovedSources, source_id); }
std::string GroupKey(std::string_view group, std::string_view source_id) {
  return Join(kGroups, group, std::string_view("\0", 1)).append(source_id);
}

std::string Encode(const Head& head) { return state::ToBytes(head, kHeadFields); }
std::string Encode(const Revision& revision) { return state::ToBytes(revision, kRevisionFields); }
std::string Encode(const Member& member) { return state::ToBytes(member, kMemberFields); }
std::string Encode(const Alias& alias) { return state::ToBytes(alias, kAliasFields); }
std::string Encode(const Change& change) { return state::ToBytes(change, kChangeFields); }
std::string Encode(const Totals& totals) { return state::ToBytes(totals, kTotalsFields); }

absl::StatusOr<Head> DecodeHead(std::string_view article_id, std::string_view bytes) {
  KAWAT_ASSIGN_OR_RETURN(Head head, state::FromBytes<Head>(bytes, "an article's head", kHeadFields));
  head.membership.article_id = std::string(article_id);
  return head;
}
absl::StatusOr<Alias> DecodeAlias(std::string_view bytes) {
  return state::FromBytes<Alias>(bytes, "an alias", kAliasFields);
}
absl::StatusOr<Revision> DecodeRevision(std::string_view bytes) {
  return state::FromBytes<Revision>(bytes, "a revision", kRevisionFields);
}
absl::StatusOr<Member> DecodeMember(std::string_view bytes) {
  return state::FromBytes<Member>(bytes, "a cluster's member", kMemberFields);
}
absl::StatusOr<Change> DecodeChange(std::string_view bytes) {
  return state::FromBytes<Change>(bytes, "a change", kChangeFields);
}

absl::StatusOr<Head> ReadHead(const state::Reader& state, std::string_view article_id) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, state.Get(HeadKey(article_id)));
  if (bytes.has_value()) {
    return DecodeHead(article_id, *bytes);
  }
  Head head;
  head.membership.article_id = std::string(article_id);
  return head;
}

absl::StatusOr<std::optional<Revision>> ReadRevision(const state::Reader& state, std::string_view article_id,
                                                     int revision) {
  return state::Read<Revision>(state, RevisionStateKey(article_id, revision), "a revision", kRevisionFields);
}

absl::StatusOr<std::optional<Alias>> ReadAlias(const state::Reader& state, std::string_view url) {
  return state::Read<Alias>(state, UrlKey(url), "an alias", kAliasFields);
}

absl::StatusOr<Totals> ReadTotals(const state::Reader& state) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<Totals> known,
                         state::Read<Totals>(state, kTotals, "the totals", kTotalsFields));
  return known.value_or(Totals());
}

absl::StatusOr<std::optional<KnownSource>> ReadSource(const state::Reader& state, std::string_view source_id) {
  KAWAT_ASSIGN_OR_RETURN(std::optional<std::string> bytes, state.Get(SourceKey(source_id)));
  const bool removed = !bytes.has_value();
  if (removed) {
    KAWAT_ASSIGN_OR_RETURN(bytes, state.Get(RemovedSourceKey(source_id)));
  }
  if (!bytes.has_value()) {
    return std::nullopt;
  }
  KAWAT_ASSIGN_OR_RETURN(article::Source source, article::DecodeSource(*bytes));
  return KnownSource{.source = std::move(source), .removed = removed};
}

absl::StatusOr<std::vector<std::string>> ReadGroup(const state::Reader& state, std::string_view group) {
  const std::string folded = FoldGroup(group);
  std::vector<std::string> sources;
  KAWAT_RETURN_IF_ERROR(state.Scan(kGroups, "", [&](std::string_view key, std::string_view) {
    const std::size_t end = key.rfind('\0');
    if (end != std::string_view::npos && FoldGroup(key.substr(kGroups.size(), end - kGroups.size())) == folded) {
      sources.emplace_back(key.substr(end + 1));
    }
    return true;
  }));
  return sources;
}

std::string FoldGroup(std::string_view group) { return text::Normalize(group); }

absl::StatusOr<article::Article> ArticleOf(const Head& head, const Revision& revision) {
  KAWAT_ASSIGN_OR_RETURN(article::ArticleEvent event, article::DecodeArticleEvent(revision.event));
  auto* const article = std::get_if<article::Article>(&event.fact);
  if (article == nullptr) {
    return absl::DataLossError("the state is damaged: a revision is no article");
  }
  if (head.membership.number > 0) {
    article->cluster_id = head.membership.cluster_id;
    article->original_id = head.membership.original_id;
  }
  return std::move(*article);
}

absl::StatusOr<std::optional<article::Article>> ReadNewest(const state::Reader& state, std::string_view article_id) {
  KAWAT_ASSIGN_OR_RETURN(const Head head, ReadHead(state, article_id));
  if (head.revision == 0) {
    return std::nullopt;
  }
  KAWAT_ASSIGN_OR_RETURN(const std::optional<Revision> revision, ReadRevision(state, article_id, head.revision));
  if (!revision.has_value()) {
    return std::nullopt;  // taken down between the two reads
  }
  KAWAT_ASSIGN_OR_RETURN(article::Article article, ArticleOf(head, *revision));
  return article;
}

absl::Status ScanChanges(const state::Reader& state, std::int64_t offset,
                         const std::function<bool(std::int64_t, const Change&)>& visit) {
  absl::Status damage;
  KAWAT_RETURN_IF_ERROR(state.Scan(
      kChanges, ChangeKey(std::max<std::int64_t>(offset, 0)), [&](std::string_view key, std::string_view value) {
        absl::StatusOr<Change> change = DecodeChange(value);
        damage = change.status();
        return change.ok() &&
               visit(static_cast<std::int64_t>(state::ReadOrderedNumber(key.substr(kChanges.size()))), *change);
      }));
  return damage;
}

}  // namespace kawat::store
