// What a frontier shard keeps: its keys in the store and the values behind them.
//
//   m/seq                the last observation's seq            m/owner   who owned the folder last
//   m/clock              fetch's clock at its last event
//   s/ID                 a source (kawat.v1.Source)            h/HOST    a host
//   r/SCHEME://HOST      a robots.txt                          u/HOST URL  a URL
//   b/ID                 what a source has spent
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "article/crawl.h"
#include "state/store.h"

namespace kawat::fetch {

// A URL of one of the shard's hosts.
struct UrlState {
  std::string source_id;
  article::LinkKind kind = article::LinkKind::kUnspecified;
  int depth = 0;
  bool polled = false;  // a source's own: feed, sitemap, homepage

  std::string title;  // hints of feeds, newest
  std::optional<absl::Time> published_time;
  std::optional<absl::Time> modified_time;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> titles;  // hash of a feed's URL, hash of the title it gave last
  std::vector<std::string> redirect_chain;                      // URLs that led here, first first

  std::string etag, last_modified;  // of the last page

  article::OutcomeKind outcome = article::OutcomeKind::kNone;
  article::Reason reason = article::Reason::kNone;
  std::string detail, article_id, moved_to;
  int http_status = 0;
  std::int64_t requests = 0;  // ended ones
  std::int64_t seq = 0;       // of the last observation
  bool awaiting = false;      // parse has not yet said how that one ended
  int failures = 0;           // in a row
  std::int64_t wanted = 0;    // how often a link wanted it asked again: what comes while it is being asked is not lost
  std::optional<absl::Time> last_request_time;
  std::optional<absl::Time> due;  // nullopt: not to be asked again

  bool operator==(const UrlState&) const = default;
};

struct HostState {
  absl::Time next_allowed = absl::InfinitePast();  // no request starts before
  std::int64_t budget_day = 0;                     // days since 1970
  int links_taken = 0;                             // new URLs accepted on that day

  bool operator==(const HostState&) const = default;
};

// What a source may still bring that is not its own.
struct SourceBudget {
  std::int64_t day = 0;   // days since 1970
  int foreign_taken = 0;  // new URLs on hosts that are not its own, accepted on that day

  bool operator==(const SourceBudget&) const = default;
};

struct RobotsState {
  int status = 0;  // 200: `text` holds the rules that concern kawat; 4xx: all allowed; else nothing is until `expires`
                   // (3xx: not followed)
  article::Reason reason = article::Reason::kNone;  // status 0: why it could not be had, and `text` a sentence on it
  std::string text;
  absl::Time expires;
  int failures = 0;  // in a row

  bool operator==(const RobotsState&) const = default;
};

std::string Encode(const UrlState& state);
std::string Encode(const HostState& state);
std::string Encode(const RobotsState& state);
// DataLoss.
absl::StatusOr<UrlState> DecodeUrlState(std::string_view bytes);
absl::StatusOr<HostState> DecodeHostState(std::string_view bytes);
absl::StatusOr<RobotsState> DecodeRobotsState(std::string_view bytes);

inline constexpr std::string_view kSeqKey = "m/seq";
inline constexpr std::string_view kOwnerKey = "m/owner";
inline constexpr std::string_view kClockKey = "m/clock";
inline constexpr std::string_view kSourcePrefix = "s/";
inline constexpr std::string_view kBudgetPrefix = "b/";
inline constexpr std::string_view kHostPrefix = "h/";
inline constexpr std::string_view kRobotsPrefix = "r/";
inline constexpr std::string_view kUrlPrefix = "u/";

std::string SourceKey(std::string_view id);
std::string UrlKey(std::string_view host, std::string_view url);

// Absent keys give nullopt. Errors: the store's, DataLoss.
absl::StatusOr<std::optional<UrlState>> ReadUrlState(const state::Reader& reader, std::string_view host,
                                                     std::string_view url);
absl::StatusOr<HostState> ReadHost(const state::Reader& reader, std::string_view host);  // a new one: absent
void WriteHost(state::Txn& txn, std::string_view host, const HostState& state);
absl::StatusOr<SourceBudget> ReadBudget(const state::Reader& reader, std::string_view source_id);  // likewise
void WriteBudget(state::Txn& txn, std::string_view source_id, const SourceBudget& budget);
void DeleteBudget(state::Txn& txn, std::string_view source_id);
absl::StatusOr<std::int64_t> ReadSeq(const state::Reader& reader);  // 0: none
void WriteSeq(state::Txn& txn, std::int64_t seq);
absl::StatusOr<absl::Time> ReadClock(const state::Reader& reader);  // InfinitePast: there was no event
void WriteClock(state::Txn& txn, absl::Time now);

}  // namespace kawat::fetch
