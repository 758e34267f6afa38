#include "services/fetch/schedule.h"

#include <algorithm>

#include "base/check.h"

namespace kawat::fetch {

Schedule::Host& Schedule::At(const std::string& host) {
  const auto [found, fresh] = hosts_.try_emplace(host);
  if (fresh) {
    found->second.next_allowed = first_allowed_;
  }
  return found->second;
}

void Schedule::Unlink(Host& host, const std::string& url, const Item& item) {
  if (item.ready) {
    host.ready.erase({item.rank, item.due, url});
  } else {
    host.later.erase({item.due, url});
  }
}

void Schedule::Put(const std::string& host, const std::string& url, absl::Time due, Rank rank, bool at_once) {
  Host& at = At(host);
  const auto [found, fresh] = at.items.try_emplace(url);
  if (fresh) {
    ++waiting_;
  } else {
    Unlink(at, found->first, found->second);
    at_once = at_once || (found->second.ready && found->second.due == due);
  }
  found->second = {.due = due, .rank = rank, .ready = at_once};
  if (at_once) {
    at.ready.emplace(rank, due, found->first);
  } else {
    at.later.emplace(due, found->first);
  }
  Reorder(host, at);
}

void Schedule::Remove(const std::string& host, const std::string& url) {
  const auto at = hosts_.find(host);
  if (at == hosts_.end()) {
    return;
  }
  const auto found = at->second.items.find(url);
  if (found == at->second.items.end()) {
    return;
  }
  at->second.polled_last = found->second.rank == Rank::kPolled;
  Unlink(at->second, found->first, found->second);
  at->second.items.erase(found);
  --waiting_;
  Reorder(host, at->second);
}

void Schedule::Hold(const std::string& host) {
  Host& at = At(host);
  KAWAT_CHECK(!at.busy, "a host is asked twice at a time");
  at.busy = true;
  ++busy_;
  Reorder(host, at);
}

void Schedule::Release(const std::string& host, absl::Time next_allowed) {
  Host& at = At(host);
  if (at.busy) {
    at.busy = false;
    --busy_;
  }
  at.next_allowed = std::max(at.next_allowed, next_allowed);
  Reorder(host, at);
}

bool Schedule::IsFree(const std::string& host, absl::Time now) const {
  const auto at = hosts_.find(host);
  return at == hosts_.end() || (!at->second.busy && at->second.next_allowed <= now);
}

void Schedule::Reorder(const std::string& name, Host& host) {
  absl::Time place = absl::InfiniteFuture();
  if (!host.busy && !host.items.empty()) {
    place = host.ready.empty() ? std::max(host.next_allowed, host.later.begin()->first) : host.next_allowed;
  }
  if (place == host.place) {
    return;
  }
  if (host.place != absl::InfiniteFuture()) {
    order_.erase({host.place, name});
  }
  host.place = place;
  if (place != absl::InfiniteFuture()) {
    order_.emplace(place, name);
  }
}

std::string_view Schedule::Pick(const Host& host) {
  auto first = host.ready.begin();
  if (host.polled_last && std::get<Rank>(*first) == Rank::kPolled) {
    const auto other = host.ready.lower_bound({Rank::kEntry, absl::InfinitePast(), std::string_view()});
    first = other == host.ready.end() ? first : other;
  }
  return std::get<std::string_view>(*first);
}

std::optional<std::pair<std::string, std::string>> Schedule::Next(absl::Time now) {
  if (order_.empty() || order_.begin()->first > now) {
    return std::nullopt;
  }
  const std::string& name = order_.begin()->second;
  Host& host = hosts_.at(name);
  while (!host.later.empty() && host.later.begin()->first <= now) {
    const std::string url(host.later.begin()->second);
    const auto item = host.items.find(url);
    host.later.erase(host.later.begin());
    item->second.ready = true;
    host.ready.emplace(item->second.rank, item->second.due, item->first);
  }
  return std::pair(name, std::string(Pick(host)));
}

}  // namespace kawat::fetch
