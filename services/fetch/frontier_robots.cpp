// robots.txt: what it says of a URL, when it is asked, and what becomes of its answer.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/fetch/answers.h"
#include "services/fetch/frontier.h"

namespace kawat::fetch {

using article::Reason;

absl::StatusOr<Frontier::Verdict> Frontier::Judge(const state::Reader& reader, const url::Url& url, absl::Time now) {
  const std::string origin = OriginOf(url);
  const RobotsBook::Known* known = robots_.Find(origin);
  if (known == nullptr || known->state.expires <= now) {
    return Verdict::kUnknown;
  }
  if (known->state.status == 200) {
    KAWAT_ASSIGN_OR_RETURN(const bool allowed, robots_.Allows(reader, origin, url.path_and_query()));
    return allowed ? Verdict::kAllowed : Verdict::kForbidden;
  }
  return known->state.status >= 400 && known->state.status < 500 ? Verdict::kAllowed : Verdict::kUnreachable;
}

// A redirect may lead neither to what another host's robots.txt forbids, since nobody has asked that one, nor to a host
// whose turns another shard counts. Within a registrable domain it is its owner who says so.
bool Frontier::MayFollow(const std::string& origin, const std::string& target) const {
  const auto from = url::Url::Parse(origin);
  const auto to = url::Url::Parse(target);
  if (!from.ok() || !to.ok()) {
    return false;
  }
  return url::RegistrableDomain(from->host()) == url::RegistrableDomain(to->host()) ||
         (to->path_and_query() == "/robots.txt" && Owns(to->host_and_port()));
}

// A robots.txt that was redirected to another host takes that one's turn as well; another shard's has one here.
void Frontier::TakeRobots(const std::string& host, const std::string& origin, absl::Time now, Due& due) {
  AnswerEvent event{.host = host, .url = absl::StrCat(origin, "/robots.txt"), .robots_origin = origin};
  if (const auto hop = robots_hops_.find(origin); hop != robots_hops_.end()) {
    event.url = hop->second.url;
    event.robots_hops = hop->second.hops;
    const auto target = url::Url::Parse(event.url);
    if (target.ok() && target->host_and_port() != host) {
      Meet(target->host_and_port());
      if (!schedule_.IsFree(target->host_and_port(), now)) {
        schedule_.Release(host, now + std::max(DelayOf(host), absl::Milliseconds(100)));
        return;
      }
      schedule_.Hold(target->host_and_port());
    }
  }
  schedule_.Hold(host);
  HttpRequest request{.url = event.url,
                      .timeout = options_.timeout,
                      .max_body_bytes = kMaxRobotsBytes,
                      .cut_at_limit = true,
                      .accept_gzip = false};
  due.requests.push_back({.event = std::move(event), .request = std::move(request)});
}

absl::Status Frontier::OnRobots(Step& step, const AnswerEvent& event) {
  const HttpAnswer& answer = event.answer;
  RobotsState state{.status = answer.reason == Reason::kNone ? answer.status : 0, .reason = answer.reason};
  if (state.status == 0) {
    state.text = answer.detail;
  }
  bool refused = false;  // to follow a redirect
  if (IsRedirect(answer)) {
    const auto target = TargetOf(event.url, answer);
    refused = target.ok() && !MayFollow(event.robots_origin, *target);
    if (target.ok() && !refused && event.robots_hops < static_cast<int>(kMaxRedirects)) {
      robots_hops_.insert_or_assign(event.robots_origin, RobotsHop{.url = *target, .hops = event.robots_hops + 1});
      return absl::OkStatus();
    }
  }
  robots_hops_.erase(event.robots_origin);
  if (state.status >= 200 && state.status < 300) {
    state.status = 200;
    state.text = answer.body;
  } else if (state.status >= 300 && state.status < 400 && !refused) {
    state.status = 404;  // RFC 9309 section 2.3.1.2: after five redirects it may be taken as absent
  } else if (state.status == 429) {
    state.status = 503;  // "not now" is no "there is none"
  }
  if (state.status == 0 || state.status >= 500 || refused) {
    const RobotsBook::Known* known = robots_.Find(event.robots_origin);
    state.failures = known == nullptr ? 1 : known->state.failures + 1;
    const article::Source* source = book_.OwnerOf(event.host, "");
    const absl::Duration interval = book_.PollIntervalOf(source == nullptr ? "" : source->id);
    state.expires = step.now + Doubled(interval, state.failures - 1, kRobotsLifetime);
  } else {
    state.expires = step.now + kRobotsLifetime;
  }
  robots_.Put(step.state, event.robots_origin, std::move(state));
  robots_.DropOld(step.state, step.now);
  return absl::OkStatus();
}

}  // namespace kawat::fetch
