// Which URL may be asked next: the due ones by host, one request a host at a time. In memory; rebuilt from the state at
// start.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "absl/time/time.h"

namespace kawat::fetch {

// Lower goes first within a host. After a polled one the others have their turn, so that a host whose polls fill its
// time is read as well.
enum class Rank : int { kSubmitted = 0, kPolled = 1, kEntry = 2, kLink = 3 };

// One thread. The order depends on nothing but the calls.
class Schedule {
 public:
  // Puts a URL, or moves it. A host that was never seen may be asked from `first_allowed` on.
  explicit Schedule(absl::Time first_allowed) : first_allowed_(first_allowed) {}
  // `at_once`: it need not wait for `due`, which only says whose turn is first; so it stays until `due` changes.
  void Put(const std::string& host, const std::string& url, absl::Time due, Rank rank, bool at_once = false);
  void Remove(const std::string& host, const std::string& url);

  // A request to the host has begun: it is busy until Release.
  void Hold(const std::string& host);
  void Release(const std::string& host, absl::Time next_allowed);
  bool IsFree(const std::string& host, absl::Time now) const;
  bool Knows(const std::string& host) const { return hosts_.count(host) > 0; }

  // The host that may be asked at `now` and has waited longest, and what to ask it for; nullopt: none. Nothing is taken
  // out.
  std::optional<std::pair<std::string, std::string>> Next(absl::Time now);

  // When Next may have something: InfiniteFuture when nothing waits.
  absl::Time NextTime() const { return order_.empty() ? absl::InfiniteFuture() : order_.begin()->first; }

  std::size_t waiting() const { return waiting_; }
  std::size_t busy() const { return busy_; }
  std::size_t hosts() const { return hosts_.size(); }

 private:
  struct Item {
    absl::Time due;
    Rank rank = Rank::kLink;
    bool ready = false;
  };
  struct Host {
    std::unordered_map<std::string, Item> items;                     // its keys are what the sets point to
    std::set<std::pair<absl::Time, std::string_view>> later;         // by due
    std::set<std::tuple<Rank, absl::Time, std::string_view>> ready;  // due already
    absl::Time next_allowed;
    bool busy = false;
    bool polled_last = false;
    absl::Time place = absl::InfiniteFuture();  // in order_; InfiniteFuture: not there
  };

  Host& At(const std::string& host);
  static void Unlink(Host& host, const std::string& url, const Item& item);
  void Reorder(const std::string& name, Host& host);
  static std::string_view Pick(const Host& host);

  absl::Time first_allowed_;
  std::unordered_map<std::string, Host> hosts_;
  std::set<std::pair<absl::Time, std::string>> order_;  // free hosts with something to ask, by when they may be
  std::size_t waiting_ = 0, busy_ = 0;
};

}  // namespace kawat::fetch
