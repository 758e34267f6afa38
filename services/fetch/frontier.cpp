#include "services/fetch/frontier.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "article/codec.h"
#include "base/status.h"
#include "bus/topics.h"
#include "pipeline/cursor.h"
#include "services/fetch/answers.h"
#include "text/text.h"

namespace kawat::fetch {
namespace {

constexpr absl::Duration kForeignOwnerWait = absl::Seconds(15);

Rank RankOf(const UrlState& state) {
  if (state.kind == article::LinkKind::kSubmitted) {
    return Rank::kSubmitted;
  }
  if (state.polled) {
    return Rank::kPolled;
  }
  const bool told = state.kind == article::LinkKind::kEntry || state.kind == article::LinkKind::kRedirect ||
                    state.kind == article::LinkKind::kSitemap;
  return told ? Rank::kEntry : Rank::kLink;
}

}  // namespace

std::string OriginOf(const url::Url& url) { return absl::StrCat(url.scheme(), "://", url.host_and_port()); }

absl::StatusOr<std::unique_ptr<Frontier>> Frontier::Load(FrontierOptions options, const state::Store& store,
                                                         absl::Time now) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> owner, store.Get(kOwnerKey));
  const bool foreign = owner.has_value() && *owner != options.owner;
  const bool told = owner.has_value() && !foreign;
  auto frontier = std::unique_ptr<Frontier>(
      new Frontier(std::move(options), store, foreign ? now + kForeignOwnerWait : now));  // NOLINT: private constructor
  frontier->owner_told_ = told;
  KAWAT_RETURN_IF_ERROR(frontier->LoadAll());
  return frontier;
}

absl::Status Frontier::LoadAll() {
  KAWAT_ASSIGN_OR_RETURN(const absl::Time last_event, ReadClock(store_));
  set_back_ = std::max(absl::Floor(last_event - start_, absl::Milliseconds(1)), absl::ZeroDuration());
  owner_told_ = owner_told_ && set_back_ == absl::ZeroDuration();
  KAWAT_ASSIGN_OR_RETURN(const absl::Time log_now, pipeline::NewestAppendTime(store_));
  absl::Status damage;
  const auto scan = [&](std::string_view prefix, auto&& each) -> absl::Status {
    KAWAT_RETURN_IF_ERROR(store_.Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
      damage = each(key.substr(prefix.size()), value);
      return damage.ok();
    }));
    return damage;
  };
  KAWAT_RETURN_IF_ERROR(scan(kSourcePrefix, [&](std::string_view /*id*/, std::string_view value) -> absl::Status {
    KAWAT_ASSIGN_OR_RETURN(article::Source source, article::DecodeSource(value));
    book_.Put(std::move(source));
    return absl::OkStatus();
  }));
  KAWAT_RETURN_IF_ERROR(scan(kRobotsPrefix, [&](std::string_view origin, std::string_view value) -> absl::Status {
    return robots_.Load(origin, value);
  }));
  KAWAT_RETURN_IF_ERROR(scan(kHostPrefix, [&](std::string_view host, std::string_view value) -> absl::Status {
    KAWAT_ASSIGN_OR_RETURN(const HostState state, DecodeHostState(value));
    const std::string name(host);
    schedule_.Release(name, std::max(state.next_allowed - set_back_, start_ + DelayOf(name)));
    return absl::OkStatus();
  }));
  return scan(kUrlPrefix, [&](std::string_view host_and_url, std::string_view value) -> absl::Status {
    KAWAT_ASSIGN_OR_RETURN(UrlState state, DecodeUrlState(value));
    const std::size_t space = host_and_url.find(' ');
    EnqueueLoaded(std::string(host_and_url.substr(0, space)), std::string(host_and_url.substr(space + 1)),
                  std::move(state), log_now);
    return absl::OkStatus();
  });
}

// What waits longer than any failure makes it wait, waits because a clock was set back.
void Frontier::EnqueueLoaded(const std::string& host, const std::string& url, UrlState state, absl::Time log_now) {
  const bool at_once = state.due.has_value() && *state.due <= log_now;
  if (state.due.has_value()) {
    const absl::Duration longest =
        Doubled(book_.PollIntervalOf(state.source_id), kMaxDoublings, absl::InfiniteDuration());
    state.due = std::min(*state.due, start_ + longest);
  }
  Enqueue(host, url, state, at_once);
}

bool Frontier::Owns(std::string_view host) const {
  return bus::PartitionOf(host, options_.partitions) == options_.partition;
}

const article::Source* Frontier::SourceOf(const UrlState& state, std::string_view host) const {
  const article::Source* owner = book_.OwnerOf(host, state.source_id);
  return owner != nullptr ? owner : book_.Find(state.source_id);
}

absl::Duration Frontier::DelayOf(const std::string& host) const {
  absl::Duration delay = book_.DelayOf(host);
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (const auto* known = robots_.Find(absl::StrCat(std::string(scheme), host)); known != nullptr) {
      delay = std::max(delay, known->crawl_delay.value_or(delay));
    }
  }
  return delay;
}

void Frontier::Enqueue(const std::string& host, const std::string& url, const UrlState& state, bool at_once) {
  if (!state.due.has_value()) {
    schedule_.Remove(host, url);
    return;
  }
  Meet(host);
  schedule_.Put(host, url, *state.due, RankOf(state), at_once);
}

// A host that was never seen waits a delay after the start, like all others.
void Frontier::Meet(const std::string& host) {
  if (!schedule_.Knows(host)) {
    schedule_.Release(host, start_ + DelayOf(host));
  }
}

void Frontier::PutUrl(Step& step, const std::string& host, const std::string& url, const UrlState& state,
                      bool at_once) {
  step.state.Put(UrlKey(host, url), Encode(state));
  Enqueue(host, url, state, at_once);
}

void Frontier::Note(UrlState& state, article::OutcomeKind kind, article::Reason reason, std::string_view detail) const {
  state.outcome = kind;
  state.reason = reason;
  state.detail = text::ToValidUtf8(detail);  // it may quote what a server sent
  state.article_id.clear();
  state.moved_to.clear();
  state.awaiting = false;
  if (options_.on_outcome) {
    options_.on_outcome(kind, state.source_id);
  }
}

absl::Status Frontier::Apply(const bus::Record& in, state::Txn& state, pipeline::Outbox& out) {
  Step step{.state = state, .out = out, .now = in.append_time, .judging = robots_.judging()};
  if (in.topic == bus::kSources) {
    return OnSource(step, in);
  }
  if (!in.value.has_value()) {
    return absl::InvalidArgumentError("a record without a value");
  }
  if (in.topic == bus::kLinks) {
    KAWAT_ASSIGN_OR_RETURN(const article::LinkRecord record, article::DecodeLinkRecord(*in.value));
    if (const auto* batch = std::get_if<article::LinkBatch>(&record)) {
      return OnLinks(step, *batch);
    }
    return OnOutcome(step, std::get<article::PageOutcome>(record));
  }
  KAWAT_ASSIGN_OR_RETURN(Event event, ParseEvent(*in.value));
  WriteClock(state, in.append_time);
  if (auto* answer = std::get_if<AnswerEvent>(&event)) {
    return OnAnswer(step, std::move(*answer));
  }
  if (const auto* judged = std::get_if<JudgedEvent>(&event)) {
    return OnJudged(step, *judged);
  }
  if (const auto* set_back = std::get_if<SetBackEvent>(&event)) {
    return OnSetBack(step, *set_back);
  }
  state.Put(kOwnerKey, std::get<OwnerEvent>(event).owner);
  return absl::OkStatus();
}

absl::Status Frontier::OnSetBack(Step& step, const SetBackEvent& event) const {
  std::vector<std::pair<std::string, HostState>> hosts;
  absl::Status damage;
  KAWAT_RETURN_IF_ERROR(step.state.Scan(kHostPrefix, "", [&](std::string_view key, std::string_view value) {
    const absl::StatusOr<HostState> host = DecodeHostState(value);
    damage = host.status();
    if (host.ok()) {
      hosts.emplace_back(key.substr(kHostPrefix.size()), *host);
    }
    return host.ok();
  }));
  KAWAT_RETURN_IF_ERROR(damage);
  for (auto& [name, host] : hosts) {
    host.next_allowed -= event.by;
    WriteHost(step.state, name, host);
  }
  return absl::OkStatus();
}

}  // namespace kawat::fetch
