// Who owns which body: the index by which copies are found, over a window of append time, and how many members clusters
// have. Part of dedupe's state; changed only within a transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/dedupe/decision.h"
#include "state/logical.h"
#include "state/store.h"

namespace kawat::dedupe {

struct WindowLimits {
  absl::Duration span = absl::Hours(72);
  std::int64_t max_bodies = 3'000'000;  // oldest out first
};

// How full the window is.
struct WindowFill {
  std::int64_t bodies = 0;
  std::optional<absl::Time> oldest;  // append time of the oldest body; nullopt: there is none
};
absl::StatusOr<WindowFill> ReadWindowFill(const state::Reader& state);  // any thread, of a Store

std::vector<state::LogicalKind> LogicalKindsOfWindow();  // for logical.h

class BodyWindow {
 public:
  BodyWindow(WindowLimits limits, state::Txn& state) : limits_(limits), state_(state) {}

  // The owner of `body`, if it is within the window and its cluster has members.
  absl::StatusOr<std::optional<BodyOwner>> Find(std::string_view body, absl::Time now) const;

  absl::Status Insert(std::string_view body, const BodyOwner& owner);

  // Insert, unless a later owner is known. In any order, before the first Expire.
  absl::Status Restore(std::string_view body, const BodyOwner& owner);

  // Drops what is too old or too much; a bounded number at a time, since each record adds one at most.
  absl::Status Expire(absl::Time now);

  // Members of a cluster that were not taken down.
  absl::StatusOr<std::int64_t> ClusterSize(std::string_view cluster_id) const;
  absl::Status AddToCluster(std::string_view cluster_id, std::int64_t members);

 private:
  WindowLimits limits_;
  state::Txn& state_;
};

}  // namespace kawat::dedupe
