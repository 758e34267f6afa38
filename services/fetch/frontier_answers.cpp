// What becomes of an answer: a page, a redirect, a failure; and when the URL is asked next.
#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "article/codec.h"
#include "base/hash.h"
#include "base/status.h"
#include "bus/topics.h"
#include "services/fetch/answers.h"
#include "services/fetch/frontier.h"
#include "text/text.h"

namespace kawat::fetch {
namespace {

using article::OutcomeKind;
using article::Reason;

constexpr absl::Duration kMaxRetryAfter = absl::Hours(1);
constexpr std::size_t kMaxHeaderBytes = 4 << 10;  // of those handed on, each
// A server's clock begins the pause a moment after ours has the last byte.
constexpr absl::Duration kMaxGrace = absl::Milliseconds(5);

constexpr std::array<std::string_view, 7> kHeadersHandedOn = {
    "content-type", "content-encoding", "content-language", "last-modified", "etag", "link", "x-robots-tag"};

// An ETag or time to be sent back; none if it could not stand in a header line or was cut.
std::string ValidatorOf(std::string_view value) {
  const bool broken = value.size() > kMaxHeaderBytes || std::any_of(value.begin(), value.end(), [](char c) {
                        return absl::ascii_iscntrl(static_cast<unsigned char>(c));
                      });
  return std::string(broken ? std::string_view() : value);
}

}  // namespace

absl::Status Frontier::OnAnswer(Step& step, AnswerEvent event) {
  if (!event.robots_origin.empty()) {
    KAWAT_RETURN_IF_ERROR(OnRobots(step, event));  // first: its crawl-delay counts already
  }
  KAWAT_RETURN_IF_ERROR(EndTurn(step, event.host, event.answer));
  if (!event.robots_origin.empty()) {
    const auto asked = url::Url::Parse(event.url);
    const bool foreign = asked.ok() && asked->host_and_port() != event.host;
    return foreign ? EndTurn(step, asked->host_and_port(), event.answer) : absl::OkStatus();
  }
  KAWAT_ASSIGN_OR_RETURN(std::optional<UrlState> state, ReadUrlState(step.state, event.host, event.url));
  if (!state.has_value()) {
    return absl::OkStatus();
  }
  const article::Source* source = SourceOf(*state, event.host);
  const std::string source_id = source == nullptr ? state->source_id : source->id;
  const HttpAnswer& answer = event.answer;
  ++state->requests;
  state->last_request_time = step.now;
  state->http_status = answer.status;
  bool transient = false;
  if (answer.reason == Reason::kNone && (answer.status == 200 || answer.status == 203)) {
    KAWAT_RETURN_IF_ERROR(OnPage(step, event, source_id, *state));
  } else if (answer.reason == Reason::kNone && answer.status == 304 && event.conditional) {
    Note(*state, OutcomeKind::kNotModified, Reason::kNone, "");
    state->failures = 0;
    if (state->etag.empty() && state->last_modified.empty()) {
      ++state->wanted;  // what it was compared with turned out to be too old meanwhile: OnOutcome
    }
  } else if (IsRedirect(answer)) {
    OnMoved(step, event, source_id, *state);
  } else {
    const auto [reason, may_pass] = FailureOf(answer);
    transient = may_pass;
    Note(*state, OutcomeKind::kFailure, reason,
         answer.detail.empty() ? absl::StrCat("answered ", answer.status) : answer.detail);
    ++state->failures;
  }
  Plan(step, event, source_id, transient, *state);
  PutUrl(step, event.host, event.url, *state);
  return absl::OkStatus();
}

// The host's pause begins.
absl::Status Frontier::EndTurn(Step& step, const std::string& host, const HttpAnswer& answer) {
  const absl::Duration delay = DelayOf(host);
  absl::Time next = step.now + delay + std::min(delay / 10, kMaxGrace);
  if (int seconds = 0; (answer.status == 429 || answer.status == 503) &&
                       absl::SimpleAtoi(std::string(answer.Header("retry-after")), &seconds) && seconds > 0) {
    next = std::max(next, step.now + std::min(absl::Seconds(seconds), kMaxRetryAfter));
  }
  KAWAT_ASSIGN_OR_RETURN(HostState state, ReadHost(step.state, host));
  state.next_allowed = next;  // the one before has passed, or was told by a clock that has been set back since
  WriteHost(step.state, host, state);
  schedule_.Release(host, state.next_allowed);
  return absl::OkStatus();
}

absl::Status Frontier::OnPage(Step& step, AnswerEvent& event, const std::string& source_id, UrlState& state) {
  KAWAT_ASSIGN_OR_RETURN(const std::int64_t last_seq, ReadSeq(step.state));
  const std::int64_t seq = std::max(last_seq + 1, absl::ToUnixMillis(step.now));
  WriteSeq(step.state, seq);

  HttpAnswer& answer = event.answer;
  state.etag = ValidatorOf(answer.Header("etag"));
  state.last_modified = ValidatorOf(answer.Header("last-modified"));
  state.seq = seq;
  state.failures = 0;
  if (state.outcome == OutcomeKind::kFailure || state.outcome == OutcomeKind::kMoved ||
      state.outcome == OutcomeKind::kDisallowed) {  // what parse said last stands until it speaks again
    Note(state, OutcomeKind::kNone, Reason::kNone, "");
  }
  state.awaiting = true;

  article::Page page{.url = event.url,
                     .redirects = state.redirect_chain,
                     .status = answer.status,
                     .seq = seq,
                     .fetched_time = event.fetched,
                     .source_id = source_id,
                     .kind = state.kind,
                     .depth = state.depth,
                     .hint_title = state.title,
                     .hint_published_time = state.published_time};
  if (const article::Source* source = book_.Find(source_id); source != nullptr) {
    page.source_language = source->language;
    page.source_time_zone = source->time_zone;
  }
  for (const std::string_view name : kHeadersHandedOn) {
    if (const std::string_view value = answer.Header(name); !value.empty()) {
      // Bytes of any kind; in a proto's string they must be UTF-8, or parse cannot decode the page.
      page.headers.emplace_back(name, text::Truncate(text::ToValidUtf8(value), kMaxHeaderBytes));
    }
  }
  page.body_sha256 = base::Hex(base::Sha256(answer.body));
  page.body = std::move(answer.body);
  step.out.Send(bus::kPages, event.host, event.host, article::Encode(page));
  return absl::OkStatus();
}

// The next URL goes, as a link with the way that led to it, to the shard that has its host; this one too goes the long
// way round.
void Frontier::OnMoved(Step& step, const AnswerEvent& event, const std::string& source_id, UrlState& state) {
  const auto target = TargetOf(event.url, event.answer);
  std::vector<std::string> chain = state.redirect_chain;
  chain.push_back(event.url);
  const auto parsed = target.ok() ? url::Url::Parse(*target) : target.status();
  if (!parsed.ok()) {
    Note(state, OutcomeKind::kFailure, Reason::kBadUrl,
         absl::StrCat("redirects to what is no URL: ", parsed.status().message()));
    return;
  }
  if (*target == event.url || chain.size() > kMaxRedirects) {
    Note(state, OutcomeKind::kFailure, Reason::kTooManyRedirects, absl::StrCat("redirects on, to ", *target));
    return;
  }
  Note(state, OutcomeKind::kMoved, Reason::kNone, "");
  state.moved_to = *target;
  state.failures = 0;
  article::Link link{.url = *target,
                     .kind = article::LinkKind::kRedirect,
                     .title = state.title,
                     .published_time = state.published_time,
                     .modified_time = state.modified_time,
                     .depth = state.depth,
                     .redirect_chain = std::move(chain)};
  if (state.polled || state.requests > 1) {
    link.modified_time = step.now;  // asked again, so the target is to be asked again
  }
  const std::string host = parsed->host_and_port();
  step.out.Send(bus::kLinks, host, host,
                article::Encode(article::LinkRecord(
                    article::LinkBatch{.from_url = event.url, .source_id = source_id, .links = {std::move(link)}})));
}

// When the URL is asked next: its source's own ones at each interval, later while they fail; the others when a failure
// may pass or when a link has asked for it meanwhile.
void Frontier::Plan(Step& step, const AnswerEvent& event, const std::string& source_id, bool transient,
                    UrlState& state) const {
  const absl::Duration interval = book_.PollIntervalOf(source_id);
  const bool wanted_again = state.wanted != event.wanted;
  state.due.reset();
  if (state.polled) {
    state.due = step.now + Doubled(interval, std::min(state.failures, kMaxDoublings), absl::InfiniteDuration());
  } else if (transient && state.failures < kMaxTries) {
    state.due = step.now + Doubled(interval, state.failures - 1, absl::InfiniteDuration());
  } else if (wanted_again) {
    state.due = step.now;
  }
}

}  // namespace kawat::fetch
