#include "tests/support/memory_store.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/status.h"

namespace kawat::support {
namespace {

using Map = MemoryStore::Map;
using Changes = std::map<std::string, std::optional<std::string>, std::less<>>;  // nullopt: deleted

std::optional<std::string> GetFrom(const Map& map, std::string_view key) {
  const auto found = map.find(key);
  return found == map.end() ? std::nullopt : std::optional<std::string>(found->second);
}

void ScanMap(const Map& map, std::string_view prefix, std::string_view from, const state::Visitor& visit) {
  for (auto it = map.lower_bound(std::max(prefix, from)); it != map.end() && it->first.starts_with(prefix); ++it) {
    if (!visit(it->first, it->second)) {
      return;
    }
  }
}

class MemoryTxn final : public state::Txn {
 public:
  MemoryTxn(const MemoryStore* store, std::shared_ptr<const Map> map) : store_(store), map_(std::move(map)) {}

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override {
    const auto found = changes_.find(key);
    return found == changes_.end() ? GetFrom(*map_, key) : found->second;
  }

  absl::Status Scan(std::string_view prefix, std::string_view from, const state::Visitor& visit) const override {
    const std::string_view start = std::max(prefix, from);
    auto stored = map_->lower_bound(start);
    auto changed = changes_.lower_bound(start);
    const auto in_range = [prefix](const auto& it, const auto& map) {
      return it != map.end() && it->first.starts_with(prefix);
    };
    ++scans_;
    for (bool more = true; more && (in_range(stored, *map_) || in_range(changed, changes_));) {
      const bool is_change =
          in_range(changed, changes_) && (!in_range(stored, *map_) || changed->first <= stored->first);
      if (!is_change) {
        more = visit(stored->first, stored->second);
        ++stored;
        continue;
      }
      if (in_range(stored, *map_) && stored->first == changed->first) {
        ++stored;
      }
      more = !changed->second.has_value() || visit(changed->first, *changed->second);
      ++changed;
    }
    --scans_;
    return absl::OkStatus();
  }

  void Put(std::string_view key, std::string_view value) override { Change(key, std::string(value)); }
  void Delete(std::string_view key) override { Change(key, std::nullopt); }
  void SetSavePoint() override { undo_.clear(); }
  void RollBack() override {
    CheckNotScanning();
    for (; !undo_.empty(); undo_.pop_back()) {
      auto& [key, before] = undo_.back();
      if (before) {
        changes_.insert_or_assign(key, *std::move(before));
      } else {
        changes_.erase(key);
      }
    }
  }

  const MemoryStore* store() const { return store_; }
  Changes TakeChanges() { return std::move(changes_); }

 private:
  void Change(std::string_view key, std::optional<std::string> value) {
    CheckNotScanning();
    const auto found = changes_.find(key);
    undo_.emplace_back(key, std::nullopt);
    if (found != changes_.end()) {
      undo_.back().second.emplace(found->second);
    }
    changes_.insert_or_assign(std::string(key), std::move(value));
  }

  void CheckNotScanning() const { KAWAT_CHECK(scans_ == 0, "a visitor must not change the transaction it scans"); }

  const MemoryStore* store_;
  std::shared_ptr<const Map> map_;
  mutable int scans_ = 0;
  Changes changes_;
  std::vector<std::pair<std::string, std::optional<std::optional<std::string>>>> undo_;  // since the save point
};

}  // namespace

absl::StatusOr<std::optional<std::string>> MemoryStore::Get(std::string_view key) const {
  return GetFrom(*Current(), key);
}

absl::Status MemoryStore::Scan(std::string_view prefix, std::string_view from, const state::Visitor& visit) const {
  ScanMap(*Current(), prefix, from, visit);
  return absl::OkStatus();
}

std::unique_ptr<state::Txn> MemoryStore::Begin() { return std::make_unique<MemoryTxn>(this, Current()); }

absl::Status MemoryStore::Commit(std::unique_ptr<state::Txn> txn) {
  auto* memory_txn = dynamic_cast<MemoryTxn*>(txn.get());
  KAWAT_CHECK(memory_txn != nullptr && memory_txn->store() == this, "a transaction of another store");
  absl::Status fault = faults_->OnCall(Call::kStoreCommit);
  if (!fault.ok() && faults_->fate() != Fate::kKept) {
    return fault;
  }
  Changes changes = memory_txn->TakeChanges();
  txn.reset();
  absl::MutexLock lock(&mutex_);
  if (map_.use_count() > 1) {  // a scan goes on reading the old one
    map_ = std::make_shared<Map>(*map_);
  }
  for (auto& [key, value] : changes) {
    if (value) {
      map_->insert_or_assign(key, *std::move(value));
    } else {
      map_->erase(key);
    }
  }
  return fault;
}

}  // namespace kawat::support
