// What the bus tells the frontier: sources, links, outcomes of pages.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "article/codec.h"
#include "base/hash.h"
#include "base/status.h"
#include "services/fetch/frontier.h"
#include "text/text.h"

namespace kawat::fetch {
namespace {

using article::Link;
using article::LinkKind;

constexpr std::size_t kMaxFeedsRemembered = 8;  // whose titles are kept, a URL
constexpr std::size_t kMaxTitleBytes = 512;
constexpr absl::Duration kMaxAhead = absl::Hours(24);  // of a time of modification: clocks and zones differ

// Whether `feed` gave the URL another title before. Each feed is compared with itself: two that word it differently are
// no change.
bool TitleChanged(UrlState& state, std::string_view feed, std::string_view title) {
  if (title.empty()) {
    return false;
  }
  const std::uint64_t feed_hash = base::XxHash64(feed);
  const std::uint64_t title_hash = base::XxHash64(title);
  for (auto& [known_feed, known_title] : state.titles) {
    if (known_feed == feed_hash) {
      return std::exchange(known_title, title_hash) != title_hash;
    }
  }
  if (state.titles.size() == kMaxFeedsRemembered) {
    state.titles.erase(state.titles.begin());
  }
  state.titles.emplace_back(feed_hash, title_hash);
  return false;
}

// Whether what the link says was modified after what is known: after the time given last or, with none given yet, after
// the last request. A second is granted, since feeds give whole ones.
bool ModifiedSince(const UrlState& state, const Link& link) {
  if (!link.modified_time.has_value()) {
    return false;
  }
  if (state.modified_time.has_value()) {
    return *link.modified_time > *state.modified_time;
  }
  return state.last_request_time.has_value() && *link.modified_time + absl::Seconds(1) > *state.last_request_time;
}

// Takes over what the link hints; true if it wants a known URL asked again.
bool TakeHints(UrlState& state, const article::LinkBatch& batch, Link link, absl::Time now) {
  if (link.kind == LinkKind::kPage || link.kind == LinkKind::kFeed) {
    return false;
  }
  if (link.modified_time.has_value() && *link.modified_time > now + kMaxAhead) {
    link.modified_time.reset();  // no later change would ever be newer
  }
  const bool older =
      link.modified_time.has_value() && state.modified_time.has_value() && *link.modified_time < *state.modified_time;
  if (older) {
    return false;
  }
  const bool modified = ModifiedSince(state, link);
  const bool retitled = link.kind != LinkKind::kRedirect && TitleChanged(state, batch.from_url, link.title);
  if (link.modified_time.has_value()) {
    state.modified_time = link.modified_time;
  }
  if (link.published_time.has_value()) {
    state.published_time = link.published_time;
  }
  if (!link.title.empty()) {
    state.title = std::string(text::Truncate(link.title, kMaxTitleBytes));
  }
  return modified || retitled || link.kind == LinkKind::kSubmitted;
}

}  // namespace

absl::Status Frontier::OnSource(Step& step, const bus::Record& in) {
  std::optional<article::Source> fresh;
  if (in.value.has_value()) {
    KAWAT_ASSIGN_OR_RETURN(fresh, article::DecodeSource(*in.value));
    if (fresh->id != in.key) {
      return absl::InvalidArgumentError(absl::StrCat("the key of source \"", fresh->id, "\" is \"", in.key, "\""));
    }
  }
  const std::vector<Seed> seeds = fresh.has_value() ? SeedsOf(*fresh) : std::vector<Seed>();
  std::vector<Seed> dropped;
  if (const article::Source* old = book_.Find(in.key); old != nullptr) {
    for (Seed& seed : SeedsOf(*old)) {
      if (std::none_of(seeds.begin(), seeds.end(), [&](const Seed& other) { return other.url == seed.url; })) {
        dropped.push_back(std::move(seed));
      }
    }
  }
  const std::string key = SourceKey(in.key);
  if (fresh.has_value()) {
    step.state.Put(key, *in.value);
    book_.Put(*std::move(fresh));
  } else {
    step.state.Delete(key);
    DeleteBudget(step.state, in.key);
    book_.Remove(in.key);
  }
  for (const Seed& seed : dropped) {
    KAWAT_RETURN_IF_ERROR(DropSeed(step, in.key, seed));
  }
  for (const Seed& seed : seeds) {
    KAWAT_RETURN_IF_ERROR(AddSeed(step, in.key, seed));
  }
  for (const auto& [host, url] : std::exchange(parked_, {})) {
    KAWAT_ASSIGN_OR_RETURN(const std::optional<UrlState> state, ReadUrlState(step.state, host, url));
    if (state.has_value()) {
      Enqueue(host, url, *state);
    }
  }
  return absl::OkStatus();
}

absl::Status Frontier::DropSeed(Step& step, const std::string& source_id, const Seed& seed) {
  if (!Owns(seed.host)) {
    return absl::OkStatus();
  }
  KAWAT_ASSIGN_OR_RETURN(std::optional<UrlState> state, ReadUrlState(step.state, seed.host, seed.url));
  if (!state.has_value()) {
    return absl::OkStatus();
  }
  if (const article::Source* other = book_.WithSeed(seed.url, source_id); other != nullptr) {
    state->source_id = other->id;
  } else {
    state->polled = false;
    state->due.reset();
  }
  PutUrl(step, seed.host, seed.url, *state);
  return absl::OkStatus();
}

absl::Status Frontier::AddSeed(Step& step, const std::string& source_id, const Seed& seed) {
  if (!Owns(seed.host)) {
    return absl::OkStatus();
  }
  KAWAT_ASSIGN_OR_RETURN(std::optional<UrlState> state, ReadUrlState(step.state, seed.host, seed.url));
  if (!state.has_value()) {
    state.emplace();
  }
  state->source_id = source_id;
  state->kind = seed.kind;
  state->depth = 0;
  const bool fresh = !state->polled || !state->due.has_value();
  if (fresh) {
    state->polled = true;
    state->due = step.now;
  }
  PutUrl(step, seed.host, seed.url, *state, /*at_once=*/fresh);
  return absl::OkStatus();
}

absl::Status Frontier::OnLinks(Step& step, const article::LinkBatch& batch) {
  for (const Link& link : batch.links) {
    KAWAT_RETURN_IF_ERROR(OnLink(step, batch, link));
  }
  return absl::OkStatus();
}

absl::Status Frontier::OnLink(Step& step, const article::LinkBatch& batch, const Link& link) {
  const auto canonical = url::Canonical(link.url);
  const auto parsed = canonical.ok() ? url::Url::Parse(*canonical) : canonical.status();
  if (!parsed.ok() || !Owns(parsed->host_and_port())) {
    return absl::OkStatus();  // not to be asked, or another shard's: nobody's error that could be mended
  }
  const std::string host = parsed->host_and_port();
  // Of another source's article a feed may say where it is, and nothing else: neither what it is called nor that it
  // changed.
  const article::Source* owner = book_.OwnerOf(host, batch.source_id);
  const bool may_hint = owner == nullptr || owner->id == batch.source_id;
  KAWAT_ASSIGN_OR_RETURN(std::optional<UrlState> state, ReadUrlState(step.state, host, *canonical));
  if (!state.has_value()) {
    state = UrlState{.source_id = batch.source_id, .kind = link.kind, .depth = link.depth, .due = step.now};
    // Of a source that is not known yet, it is judged when it is due: links may come before their source.
    const article::Source* source = SourceOf(*state, host);
    if (source != nullptr && !book_.Accepts(*source, host, link.kind, link.depth)) {
      return absl::OkStatus();
    }
    const bool own = owner != nullptr && owner->id == batch.source_id;
    KAWAT_ASSIGN_OR_RETURN(bool affordable, Spend(step, host, link.kind));
    if (affordable && !own) {
      KAWAT_ASSIGN_OR_RETURN(affordable, SpendForeign(step, batch.source_id));
    }
    if (!affordable) {
      return absl::OkStatus();
    }
    state->redirect_chain = link.redirect_chain;
    if (may_hint) {
      TakeHints(*state, batch, link, step.now);
    }
    PutUrl(step, host, *canonical, *state, /*at_once=*/true);
    return absl::OkStatus();
  }
  const UrlState before = *state;
  bool may_be_asked = false;  // it was judged otherwise, earlier
  if (!state->due.has_value() && state->requests == 0) {
    KAWAT_ASSIGN_OR_RETURN(may_be_asked, MayBeAskedNow(step, *parsed, link, *state));
  }
  if (may_hint && TakeHints(*state, batch, link, step.now)) {
    ++state->wanted;
    state->due = state->due.has_value() ? std::min(*state->due, step.now) : step.now;
    state->redirect_chain = link.redirect_chain;
    state->kind = state->polled ? state->kind : link.kind;
  } else if (may_be_asked) {
    state->due = step.now;
  } else if (state->requests == 0 && state->kind == LinkKind::kPage && link.kind == LinkKind::kEntry) {
    state->kind = link.kind;
  }
  state->depth = std::min(state->depth, link.depth);
  if (!(*state == before)) {
    PutUrl(step, host, *canonical, *state, /*at_once=*/state->due != before.due);
  }
  return absl::OkStatus();
}

// For a URL that was never asked: whether what forbade it is gone.
absl::StatusOr<bool> Frontier::MayBeAskedNow(const Step& step, const url::Url& url, const Link& link,
                                             const UrlState& state) {
  const std::string host = url.host_and_port();
  const article::Source* source = SourceOf(state, host);
  if (robots_.judging() - step.judging > kMaxJudging) {
    return false;  // dear: those further on wait for a batch in which they come first
  }
  if (state.outcome == article::OutcomeKind::kFailure || source == nullptr ||
      !book_.Accepts(*source, host, link.kind, link.depth)) {
    return false;
  }
  KAWAT_ASSIGN_OR_RETURN(const Verdict verdict, Judge(step.state, url, step.now));
  return verdict == Verdict::kAllowed || verdict == Verdict::kUnknown;
}

absl::StatusOr<bool> Frontier::Spend(Step& step, const std::string& host, LinkKind kind) {
  const bool counted = kind == LinkKind::kPage || kind == LinkKind::kFeed;
  KAWAT_ASSIGN_OR_RETURN(HostState state, ReadHost(step.state, host));
  if (const std::int64_t day = absl::ToUnixSeconds(step.now) / 86400; day != state.budget_day) {
    state.budget_day = day;
    state.links_taken = 0;
  }
  if (state.links_taken >= options_.links_per_host_per_day * (counted ? 1 : 4)) {
    return false;
  }
  ++state.links_taken;
  WriteHost(step.state, host, state);
  return true;
}

// Each new host has a budget of its own: without this one a feed of ever new hosts would have none.
absl::StatusOr<bool> Frontier::SpendForeign(Step& step, const std::string& source_id) {
  KAWAT_ASSIGN_OR_RETURN(SourceBudget budget, ReadBudget(step.state, source_id));
  if (const std::int64_t day = absl::ToUnixSeconds(step.now) / 86400; day != budget.day) {
    budget = {.day = day};
  }
  if (budget.foreign_taken >= options_.foreign_links_per_source_per_day) {
    return false;
  }
  ++budget.foreign_taken;
  WriteBudget(step.state, source_id, budget);
  return true;
}

absl::Status Frontier::OnOutcome(Step& step, const article::PageOutcome& outcome) {
  const auto parsed = url::Url::Parse(outcome.url);
  if (!parsed.ok()) {
    return absl::OkStatus();
  }
  const std::string host = parsed->host_and_port();
  KAWAT_ASSIGN_OR_RETURN(std::optional<UrlState> state, ReadUrlState(step.state, host, outcome.url));
  // A dead letter's page that was replayed has the seq that it had.
  const bool mends = state.has_value() && state->outcome == article::OutcomeKind::kDeadLetter &&
                     (outcome.kind != state->outcome || outcome.reason != state->reason);
  const bool newest =
      state.has_value() && (outcome.seq > state->seq || (outcome.seq == state->seq && (state->awaiting || mends)));
  if (!newest || !Owns(host)) {
    return absl::OkStatus();
  }
  const bool awaiting = outcome.seq == state->seq ? false : state->awaiting;
  const bool unseen = outcome.seq > state->seq;
  if (unseen) {
    // This state never had that observation: it is a copy of before, or another owner's. Its validators are of an older
    // content, to which the page may have returned; and what was observed since had a lower seq, so that dedupe took it
    // for older.
    state->etag.clear();
    state->last_modified.clear();
    state->due = step.now;
  }
  Note(*state, outcome.kind, outcome.reason, outcome.detail);
  state->article_id = outcome.article_id;
  state->awaiting = awaiting;
  state->seq = outcome.seq;
  PutUrl(step, host, outcome.url, *state, /*at_once=*/unseen);
  // An observation that was sent but not committed before a crash: the next ones must be newer.
  KAWAT_ASSIGN_OR_RETURN(const std::int64_t seq, ReadSeq(step.state));
  if (outcome.seq > seq) {
    WriteSeq(step.state, outcome.seq);
  }
  return absl::OkStatus();
}

}  // namespace kawat::fetch
