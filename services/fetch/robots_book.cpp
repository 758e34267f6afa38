#include "services/fetch/robots_book.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace kawat::fetch {
namespace {

constexpr int kMaxDropped = 16;            // at a time
constexpr std::uint64_t kReadingCost = 3;  // of a byte of rules: some 10 ms for the longest text

std::string KeyOf(std::string_view origin) { return absl::StrCat(std::string(kRobotsPrefix), std::string(origin)); }

}  // namespace

absl::Status RobotsBook::Load(std::string_view origin, std::string_view value) {
  KAWAT_ASSIGN_OR_RETURN(RobotsState state, DecodeRobotsState(value));
  Known known;
  if (state.status == 200) {
    known.crawl_delay = Robots::FromText(state.text, kProductToken).crawl_delay();
    state.text.clear();
  }
  known.state = std::move(state);
  Remember(std::string(origin), std::move(known));
  return absl::OkStatus();
}

const RobotsBook::Known* RobotsBook::Find(std::string_view origin) const {
  const auto found = known_.find(origin);
  return found == known_.end() ? nullptr : &found->second;
}

void RobotsBook::Put(state::Txn& txn, const std::string& origin, RobotsState state) {
  Forget(origin);
  Known known;
  if (state.status == 200) {
    Robots rules = Robots::Parse(state.text, kProductToken);
    known.crawl_delay = rules.crawl_delay();
    state.text = rules.ToText();
    Cache(origin, std::move(rules));
  }
  txn.Put(KeyOf(origin), Encode(state));
  if (state.status == 200) {
    state.text.clear();
  }
  known.state = std::move(state);
  Remember(origin, std::move(known));
}

absl::StatusOr<bool> RobotsBook::Allows(const state::Reader& reader, const std::string& origin,
                                        std::string_view path_and_query) {
  if (const auto found = in_cache_.find(origin); found != in_cache_.end()) {
    cache_.splice(cache_.begin(), cache_, found->second);
  } else {
    KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> value, reader.Get(KeyOf(origin)));
    if (!value.has_value()) {
      return absl::DataLossError(absl::StrCat("the rules of ", origin, " are gone"));
    }
    KAWAT_ASSIGN_OR_RETURN(const RobotsState state, DecodeRobotsState(*value));
    reading_ += state.text.size() * kReadingCost;
    Cache(origin, Robots::FromText(state.text, kProductToken));
  }
  const Robots& rules = cache_.front().rules;
  judging_ += rules.Cost(path_and_query.size());
  return rules.Allows(path_and_query);
}

void RobotsBook::DropOld(state::Txn& txn, absl::Time now) {
  for (int i = 0; i < kMaxDropped && !by_expiry_.empty(); ++i) {
    const auto [expiry, origin] = *by_expiry_.begin();
    if (expiry + kRobotsLifetime > now) {
      return;
    }
    txn.Delete(KeyOf(origin));
    Forget(origin);
  }
}

void RobotsBook::Remember(const std::string& origin, Known known) {
  by_expiry_.emplace(known.state.expires, origin);
  known_.insert_or_assign(origin, std::move(known));
}

void RobotsBook::Forget(std::string_view origin) {
  if (const auto known = known_.find(origin); known != known_.end()) {
    by_expiry_.erase({known->second.state.expires, known->first});
    known_.erase(known);
  }
  if (const auto cached = in_cache_.find(origin); cached != in_cache_.end()) {
    rules_bytes_ -= cached->second->rules.bytes();
    cache_.erase(cached->second);
    in_cache_.erase(cached);
  }
}

// The newest stay, however large they are.
void RobotsBook::Cache(const std::string& origin, Robots rules) {
  rules_bytes_ += rules.bytes();
  cache_.push_front({.origin = origin, .rules = std::move(rules)});
  in_cache_.insert_or_assign(origin, cache_.begin());
  while (rules_bytes_ > max_rules_bytes_ && cache_.size() > 1) {
    rules_bytes_ -= cache_.back().rules.bytes();
    in_cache_.erase(cache_.back().origin);
    cache_.pop_back();
  }
}

}  // namespace kawat::fetch
