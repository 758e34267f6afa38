// What may be asked now, and what becomes of that which may not.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/fetch/frontier.h"
#include "telemetry/log.h"

namespace kawat::fetch {

using article::OutcomeKind;
using article::Reason;

absl::StatusOr<Due> Frontier::TakeDue(absl::Time now, std::size_t max) {
  Due due;
  if (!owner_told_ && now >= start_) {  // not before: a start within the wait for the former owner must wait again
    owner_told_ = true;
    if (set_back_ > absl::ZeroDuration()) {
      due.events.push_back(ToRecord(SetBackEvent{.by = set_back_}, now));
    }
    due.events.push_back(ToRecord(OwnerEvent{.owner = options_.owner}, now));
  }
  const std::uint64_t work = robots_.work();
  while (due.requests.size() + due.events.size() < max && robots_.work() - work < kMaxJudging &&
         schedule_.busy() < options_.max_busy_hosts) {
    const auto next = schedule_.Next(now);
    if (!next.has_value()) {
      break;
    }
    KAWAT_RETURN_IF_ERROR(TakeUrl(next->first, next->second, now, due));
  }
  return due;
}

absl::Status Frontier::TakeUrl(const std::string& host, const std::string& url, absl::Time now, Due& due) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<UrlState> state, ReadUrlState(store_, host, url));
  KAWAT_ASSIGN_OR_RETURN(const url::Url parsed, url::Url::Parse(url));
  if (!state.has_value() || !state->due.has_value()) {
    schedule_.Remove(host, url);
    return absl::OkStatus();
  }
  const article::Source* source = SourceOf(*state, host);
  if (source == nullptr) {
    schedule_.Remove(host, url);
    parked_.emplace(host, url);
    return absl::OkStatus();
  }
  Verdict verdict = Verdict::kForbidden;
  if (state->polled || book_.Accepts(*source, host, state->kind, state->depth)) {
    KAWAT_ASSIGN_OR_RETURN(verdict, Judge(store_, parsed, now));
  }
  if (verdict == Verdict::kUnknown) {
    TakeRobots(host, OriginOf(parsed), now, due);
    return absl::OkStatus();
  }
  schedule_.Remove(host, url);
  if (verdict != Verdict::kAllowed) {
    due.events.push_back(ToRecord(JudgedEvent{.host = host, .url = url}, now));
    return absl::OkStatus();
  }
  schedule_.Hold(host);
  AnswerEvent event{.host = host, .url = url, .wanted = state->wanted};
  event.conditional = !state->etag.empty() || !state->last_modified.empty();
  due.requests.push_back({.event = std::move(event),
                          .request = {.url = url,
                                      .if_none_match = state->etag,
                                      .if_modified_since = state->last_modified,
                                      .timeout = options_.timeout,
                                      .max_body_bytes = options_.max_body_bytes}});
  return absl::OkStatus();
}

absl::Status Frontier::OnJudged(Step& step, const JudgedEvent& event) {
  KAWAT_ASSIGN_OR_RETURN(std::optional<UrlState> state, ReadUrlState(step.state, event.host, event.url));
  KAWAT_ASSIGN_OR_RETURN(const url::Url parsed, url::Url::Parse(event.url));
  if (!state.has_value() || !state->due.has_value()) {
    return absl::OkStatus();
  }
  const article::Source* source = SourceOf(*state, event.host);
  const std::string origin = OriginOf(parsed);
  KAWAT_ASSIGN_OR_RETURN(const Verdict verdict, Judge(step.state, parsed, step.now));
  if (source != nullptr && !state->polled && !book_.Accepts(*source, event.host, state->kind, state->depth)) {
    state->due.reset();
    state->detail = "not asked: outside its source's domains or depth";
  } else if (verdict == Verdict::kForbidden) {
    Note(*state, OutcomeKind::kDisallowed, Reason::kRobots, "robots.txt forbids it");
    state->due = state->polled ? std::optional(robots_.Find(origin)->state.expires) : std::nullopt;
  } else if (verdict == Verdict::kUnreachable) {
    const RobotsState& robots = robots_.Find(origin)->state;
    if (robots.status != 0) {
      Note(*state, OutcomeKind::kDisallowed, Reason::kRobots,
           absl::StrCat("robots.txt answered ", robots.status,
                        robots.status < 400 ? ", and leads to where it may not be asked" : ""));
    } else {
      Note(*state, OutcomeKind::kFailure, robots.reason,
           absl::StrCat("robots.txt could not be had, so nothing is asked", robots.text.empty() ? "" : ": ",
                        robots.text));
    }
    ++state->failures;
    state->due = state->polled || state->failures < kMaxTries ? std::optional(robots.expires) : std::nullopt;
  }
  const bool barred = verdict == Verdict::kForbidden || verdict == Verdict::kUnreachable;
  if (source != nullptr && state->polled && barred && warned_.insert(source->id).second) {
    telemetry::Warn("a source's URL may not be asked", {{"source", source->id},
                                                        {"url", event.url},
                                                        {"reason", std::string(article::Name(state->reason))},
                                                        {"detail", state->detail}});
  }
  PutUrl(step, event.host, event.url, *state);
  return absl::OkStatus();
}

}  // namespace kawat::fetch
