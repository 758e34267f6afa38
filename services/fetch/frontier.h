// The frontier of one shard: which URLs of its hosts are known, how each ended, and which is due. A deterministic
// machine over records of kawat.sources and kawat.links and over what happened here (events.h): the same records give
// the same state and outputs. The requests follow from state and time: TakeDue. Nothing is written before a request; a
// crash forgets those on their way, and they are asked again.
//
//   one request a host at a time; the next one no earlier than a delay after the end of the last answer, and, after a
//   start, no earlier than a delay after it. The delay is the source's or the default, or robots.txt's if that is
//   longer.
//
// robots.txt comes first, by scheme and host (RFC 9309): 2xx: its rules; 4xx: all is allowed; else nothing is, until it
// is asked again.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "pipeline/stage.h"
#include "services/fetch/events.h"
#include "services/fetch/frontier_state.h"
#include "services/fetch/robots_book.h"
#include "services/fetch/schedule.h"
#include "services/fetch/source_book.h"
#include "url/url.h"

namespace kawat::fetch {

inline constexpr std::size_t kMaxRedirects = 5;
inline constexpr int kMaxTries = 3;      // of a request that failed in a way that may pass
inline constexpr int kMaxDoublings = 3;  // of the interval at which a source's own URL is asked, while it fails

struct FrontierOptions {
  std::int32_t partition = 0;
  std::int32_t partitions = 1;
  std::string owner =
      "fetch";  // another one than the folder's last: its requests may still be on their way, so 15 s are waited
  CrawlLimits limits;
  absl::Duration timeout = absl::Seconds(20);
  std::size_t max_body_bytes = 5 << 20;
  int links_per_host_per_day = 5000;              // new URLs from pages; four times as many from feeds and sitemaps
  int foreign_links_per_source_per_day = 10'000;  // new URLs that a source brings on hosts that are not its own
  std::size_t max_busy_hosts = 64;
  std::size_t max_robots_bytes = 64 << 20;  // of rules in memory
  // For metrics: how a URL ended, and of which source it is; null: none.
  std::function<void(article::OutcomeKind, std::string_view source_id)> on_outcome;
};

// A request that may start now, and the event to which its answer belongs.
struct DueRequest {
  AnswerEvent event;
  HttpRequest request;
};

struct Due {
  std::vector<DueRequest> requests;
  std::vector<bus::Record> events;  // to be applied
};

// Threads: one, that of its runner.
class Frontier final : public pipeline::Stage {
 public:
  // Reads the whole state; `store` must outlive the frontier. Errors: the store's, DataLoss.
  static absl::StatusOr<std::unique_ptr<Frontier>> Load(FrontierOptions options, const state::Store& store,
                                                        absl::Time now);

  absl::Status Apply(const bus::Record& in, state::Txn& state, pipeline::Outbox& out) override;
  absl::Status Committed() override { return on_committed_ ? on_committed_() : absl::OkStatus(); }
  void OnCommitted(std::function<absl::Status()> callback) { on_committed_ = std::move(callback); }

  // At most `max` requests and events, fewer where judging them is dear, judged by the committed state. The hosts of
  // the requests are busy until their answers are applied.
  absl::StatusOr<Due> TakeDue(absl::Time now, std::size_t max);

  bool owner_told() const { return owner_told_; }
  const Schedule& schedule() const { return schedule_; }
  const RobotsBook& robots() const { return robots_; }

 private:
  struct Step {  // one Apply
    state::Txn& state;
    pipeline::Outbox& out;
    absl::Time now;
    std::uint64_t judging;  // RobotsBook::judging at its begin
  };
  struct RobotsHop {
    std::string url;
    int hops = 0;
  };
  enum class Verdict { kUnknown, kAllowed, kForbidden, kUnreachable };

  Frontier(FrontierOptions options, const state::Store& store, absl::Time start)
      : options_(std::move(options)),
        store_(store),
        start_(start),
        book_(options_.limits),
        schedule_(start),
        robots_(options_.max_robots_bytes) {}

  // frontier.cpp
  absl::Status LoadAll();
  absl::Status OnSetBack(Step& step, const SetBackEvent& event) const;
  void EnqueueLoaded(const std::string& host, const std::string& url, UrlState state, absl::Time log_now);
  bool Owns(std::string_view host) const;
  const article::Source* SourceOf(const UrlState& state, std::string_view host) const;
  absl::Duration DelayOf(const std::string& host) const;
  void Enqueue(const std::string& host, const std::string& url, const UrlState& state, bool at_once = false);
  void Meet(const std::string& host);
  // `at_once`: it is due by the log's clock, which need not be fetch's.
  void PutUrl(Step& step, const std::string& host, const std::string& url, const UrlState& state, bool at_once = false);
  void Note(UrlState& state, article::OutcomeKind kind, article::Reason reason, std::string_view detail) const;

  // frontier_robots.cpp
  absl::StatusOr<Verdict> Judge(const state::Reader& reader, const url::Url& url, absl::Time now);
  bool MayFollow(const std::string& origin, const std::string& target) const;
  void TakeRobots(const std::string& host, const std::string& origin, absl::Time now, Due& due);
  absl::Status OnRobots(Step& step, const AnswerEvent& event);

  // frontier_due.cpp
  absl::Status TakeUrl(const std::string& host, const std::string& url, absl::Time now, Due& due);
  absl::Status OnJudged(Step& step, const JudgedEvent& event);

  // frontier_links.cpp
  absl::Status OnSource(Step& step, const bus::Record& in);
  absl::Status DropSeed(Step& step, const std::string& source_id, const Seed& seed);
  absl::Status AddSeed(Step& step, const std::string& source_id, const Seed& seed);
  absl::Status OnLinks(Step& step, const article::LinkBatch& batch);
  absl::Status OnLink(Step& step, const article::LinkBatch& batch, const article::Link& link);
  absl::StatusOr<bool> MayBeAskedNow(const Step& step, const url::Url& url, const article::Link& link,
                                     const UrlState& state);
  absl::StatusOr<bool> Spend(Step& step, const std::string& host, article::LinkKind kind);
  absl::StatusOr<bool> SpendForeign(Step& step, const std::string& source_id);
  absl::Status OnOutcome(Step& step, const article::PageOutcome& outcome);

  // frontier_answers.cpp
  absl::Status OnAnswer(Step& step, AnswerEvent event);
  absl::Status EndTurn(Step& step, const std::string& host, const HttpAnswer& answer);
  absl::Status OnPage(Step& step, AnswerEvent& event, const std::string& source_id, UrlState& state);
  void OnMoved(Step& step, const AnswerEvent& event, const std::string& source_id, UrlState& state);
  void Plan(Step& step, const AnswerEvent& event, const std::string& source_id, bool transient, UrlState& state) const;

  const FrontierOptions options_;
  const state::Store& store_;
  const absl::Time start_;
  SourceBook book_;
  Schedule schedule_;
  RobotsBook robots_;
  std::map<std::string, RobotsHop, std::less<>> robots_hops_;  // by origin: where its robots.txt was redirected to
  std::set<std::pair<std::string, std::string>> parked_;       // host, URL: due, but of no known source
  std::set<std::string> warned_;                               // ids of sources, once each
  bool owner_told_ = false;
  absl::Duration set_back_;  // the clock, since the folder's last event; told with the owner
  std::function<absl::Status()> on_committed_;
};

// "https://host:8443" of a URL: what a robots.txt is for.
std::string OriginOf(const url::Url& url);

}  // namespace kawat::fetch
