// What a shard of the store keeps: its keys and values, and how they are read. stage.cpp writes them.
//
// | key                       | value                                                                             |
// |---------------------------|-----------------------------------------------------------------------------------|
// | h/ARTICLE                 | Head                                                                              |
// | r/ARTICLE/REVISION        | Revision: the event as it came, and its offset                                    |
// | p/POSITION                | ARTICLE, newest first: the order of lists                                         |
// | s/OFFSET                  | Change, in the order of kawat.articles: what Watch and the search index follow    |
// | c/CLUSTER/ARTICLE         | Member: the members of a cluster that are in this shard                           |
// | u/URLHASH                 | Alias: the article of another URL                                                 |
// | o/SOURCE                  | sources of today (of kawat.sources: the same in every shard)                      |
// | x/SOURCE                  | removed sources as they were last, since their articles stay                      |
// | g/GROUP\0SOURCE           | the groups of both                                                                |
// | n/                        | Totals                                                                            |
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "article/article.h"
#include "article/source.h"
#include "services/store/search_index.h"
#include "state/store.h"

namespace kawat::store {

// An article beside its revisions.
struct Head {
  int revision = 0;   // the newest; 0: none yet, or taken down
  int revisions = 0;  // how many are stored
  Position position = 0;
  absl::Time first_observed = absl::InfiniteFuture();
  bool taken_down = false;
  article::Membership membership;  // number 0: none yet
  article::Version membership_version;
};

struct Revision {
  std::int64_t offset = 0;  // in kawat.articles
  std::string event;        // an encoded article::ArticleEvent
};

struct Member {              // a value of c/
  article::Version version;  // of its membership: the order in which members were decided
};

struct Alias {
  std::string article_id;
  article::Version version;
};

struct Change {  // a value of s/
  std::string article_id;
  int revision = 0;
};

struct Totals {
  std::int64_t articles = 0;
  std::int64_t revisions = 0;
  std::int64_t clusters = 0;
  std::int64_t sources = 0;
  absl::Time newest_observed = absl::InfinitePast();
  std::int64_t last_offset = -1;  // of kawat.articles, applied
};

inline constexpr std::string_view kHeads = "h/";
inline constexpr std::string_view kRevisions = "r/";
inline constexpr std::string_view kPositions = "p/";
inline constexpr std::string_view kChanges = "s/";
inline constexpr std::string_view kMembers = "c/";
inline constexpr std::string_view kAliases = "u/";
inline constexpr std::string_view kSources = "o/";
inline constexpr std::string_view kRemovedSources = "x/";
inline constexpr std::string_view kGroups = "g/";
inline constexpr std::string_view kTotals = "n/";

std::string HeadKey(std::string_view article_id);
std::string RevisionsPrefix(std::string_view article_id);
std::string RevisionStateKey(std::string_view article_id, int revision);
std::string PositionKey(Position position);
std::string ChangeKey(std::int64_t offset);
std::string ClusterPrefix(std::string_view cluster_id);
std::string UrlKey(std::string_view url);
std::string SourceKey(std::string_view source_id);
std::string RemovedSourceKey(std::string_view source_id);
std::string GroupKey(std::string_view group, std::string_view source_id);

// Decode: DataLoss.
std::string Encode(const Head& head);
std::string Encode(const Revision& revision);
std::string Encode(const Member& member);
std::string Encode(const Alias& alias);
std::string Encode(const Change& change);
std::string Encode(const Totals& totals);
absl::StatusOr<Head> DecodeHead(std::string_view article_id, std::string_view bytes);
absl::StatusOr<Alias> DecodeAlias(std::string_view bytes);
absl::StatusOr<Change> DecodeChange(std::string_view bytes);
absl::StatusOr<Member> DecodeMember(std::string_view bytes);
absl::StatusOr<Revision> DecodeRevision(std::string_view bytes);

// Absent: a Head of no revision, Totals of zeros; else nullopt.
absl::StatusOr<Head> ReadHead(const state::Reader& state, std::string_view article_id);
absl::StatusOr<std::optional<Revision>> ReadRevision(const state::Reader& state, std::string_view article_id,
                                                     int revision);
absl::StatusOr<std::optional<Alias>> ReadAlias(const state::Reader& state, std::string_view url);
absl::StatusOr<Totals> ReadTotals(const state::Reader& state);
struct KnownSource {
  article::Source source;
  bool removed = false;
};
absl::StatusOr<std::optional<KnownSource>> ReadSource(const state::Reader& state, std::string_view source_id);
// The ids of the sources of a group, removed ones as well; its name is compared by FoldGroup.
absl::StatusOr<std::vector<std::string>> ReadGroup(const state::Reader& state, std::string_view group);
std::string FoldGroup(std::string_view group);

// The article of a revision, with the membership of today.
absl::StatusOr<article::Article> ArticleOf(const Head& head, const Revision& revision);
// The newest revision; nullopt: no such article, or taken down.
absl::StatusOr<std::optional<article::Article>> ReadNewest(const state::Reader& state, std::string_view article_id);

// Visits changes from `offset` on; return false to stop.
absl::Status ScanChanges(const state::Reader& state, std::int64_t offset,
                         const std::function<bool(std::int64_t, const Change&)>& visit);

}  // namespace kawat::store
