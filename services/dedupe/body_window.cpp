#include "services/dedupe/body_window.h"

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/hash.h"
#include "base/status.h"
#include "state/fields.h"

namespace kawat::dedupe {
namespace {

// b/BODY                    BodyOwner
// e/APPEND_MS OFFSET        BODY: the owners in the order of their expiry (both numbers eight bytes, ordered)
// c/CLUSTER                 its size
// w/                        Bounds
constexpr std::string_view kBodies = "b/";
constexpr std::string_view kExpiries = "e/";
constexpr std::string_view kClusters = "c/";
constexpr std::string_view kBounds = "w/";
constexpr std::size_t kMaxExpiredAtOnce = 16;
constexpr int kFormat = 1;  // of Bounds and sizes

std::string Key(std::string_view prefix, std::string_view name) {
  return absl::StrCat(std::string(prefix), std::string(name));
}

std::string ExpiryKey(const BodyOwner& owner) {
  return absl::StrCat(std::string(kExpiries),
                      state::OrderedNumber(static_cast<std::uint64_t>(absl::ToUnixMillis(owner.append_time))),
                      state::OrderedNumber(static_cast<std::uint64_t>(owner.offset)));
}

struct Bounds {
  std::int64_t bodies = 0;
  std::string oldest;  // no expiry key is below: a scan from here meets no deleted ones
};

constexpr auto kBoundsFields = [](auto& bounds, auto& fields) {
  fields.Format(kFormat).Signed(bounds.bodies).Text(bounds.oldest);
};

constexpr auto kSizeFields = [](auto& members, auto& fields) { fields.Format(kFormat).Signed(members); };

absl::StatusOr<Bounds> ReadBounds(const state::Reader& state) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<Bounds> known,
                         state::Read<Bounds>(state, kBounds, "the window's bounds", kBoundsFields));
  return known.value_or(Bounds());
}

}  // namespace

absl::StatusOr<std::optional<BodyOwner>> BodyWindow::Find(std::string_view body, absl::Time now) const {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, state_.Get(Key(kBodies, body)));
  if (!bytes.has_value()) {
    return std::nullopt;
  }
  KAWAT_ASSIGN_OR_RETURN(BodyOwner owner, DecodeBodyOwner(*bytes));
  if (now - owner.append_time > limits_.span) {
    return std::nullopt;
  }
  KAWAT_ASSIGN_OR_RETURN(const std::int64_t members, ClusterSize(owner.cluster_id));
  if (members == 0) {
    return std::nullopt;
  }
  return owner;
}

absl::Status BodyWindow::Insert(std::string_view body, const BodyOwner& owner) {
  KAWAT_ASSIGN_OR_RETURN(Bounds bounds, ReadBounds(state_));
  const std::string key = Key(kBodies, body);
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> before, state_.Get(key));
  if (before.has_value()) {
    KAWAT_ASSIGN_OR_RETURN(const BodyOwner old, DecodeBodyOwner(*before));
    state_.Delete(ExpiryKey(old));
  } else {
    ++bounds.bodies;
  }
  state_.Put(key, Encode(owner));
  state_.Put(ExpiryKey(owner), body);
  state_.Put(kBounds, state::ToBytes(bounds, kBoundsFields));
  return absl::OkStatus();
}

absl::Status BodyWindow::Restore(std::string_view body, const BodyOwner& owner) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, state_.Get(Key(kBodies, body)));
  if (bytes.has_value()) {
    KAWAT_ASSIGN_OR_RETURN(const BodyOwner known, DecodeBodyOwner(*bytes));
    if (std::tie(known.append_time, known.offset) >= std::tie(owner.append_time, owner.offset)) {
      return absl::OkStatus();
    }
  }
  return Insert(body, owner);
}

absl::Status BodyWindow::Expire(absl::Time now) {
  KAWAT_ASSIGN_OR_RETURN(Bounds bounds, ReadBounds(state_));
  std::vector<std::pair<std::string, std::string>> oldest;
  std::int64_t surplus = bounds.bodies - limits_.max_bodies;
  std::string next = bounds.oldest;
  KAWAT_RETURN_IF_ERROR(state_.Scan(kExpiries, bounds.oldest, [&](std::string_view key, std::string_view body) {
    next = std::string(key);
    const auto append_ms = static_cast<std::int64_t>(state::ReadOrderedNumber(key.substr(kExpiries.size())));
    const bool old = now - absl::FromUnixMillis(append_ms) > limits_.span;
    if ((!old && surplus <= 0) || oldest.size() == kMaxExpiredAtOnce) {
      return false;
    }
    --surplus;
    oldest.emplace_back(key, body);
    return true;
  }));
  if (oldest.empty()) {
    return absl::OkStatus();
  }
  for (const auto& [key, body] : oldest) {
    state_.Delete(key);
    state_.Delete(Key(kBodies, body));
  }
  bounds.bodies -= static_cast<std::int64_t>(oldest.size());
  bounds.oldest = next;
  state_.Put(kBounds, state::ToBytes(bounds, kBoundsFields));
  return absl::OkStatus();
}

absl::StatusOr<WindowFill> ReadWindowFill(const state::Reader& state) {
  KAWAT_ASSIGN_OR_RETURN(const Bounds bounds, ReadBounds(state));
  WindowFill fill{.bodies = bounds.bodies};
  KAWAT_RETURN_IF_ERROR(state.Scan(kExpiries, bounds.oldest, [&](std::string_view key, std::string_view) {
    fill.oldest =
        absl::FromUnixMillis(static_cast<std::int64_t>(state::ReadOrderedNumber(key.substr(kExpiries.size()))));
    return false;
  }));
  return fill;
}

std::vector<state::LogicalKind> LogicalKindsOfWindow() {
  using state::Printable;
  const auto body = [](std::string_view rest, std::string_view value, const state::LineVisitor& visit) -> absl::Status {
    KAWAT_ASSIGN_OR_RETURN(const BodyOwner owner, DecodeBodyOwner(value));
    visit(absl::StrCat("body ", base::Hex(rest), " owner=", Printable(owner.article_id),
                       " cluster=", Printable(owner.cluster_id), " appended=", absl::ToUnixMicros(owner.append_time),
                       " offset=", owner.offset));
    return absl::OkStatus();
  };
  const auto cluster = [](std::string_view rest, std::string_view value,
                          const state::LineVisitor& visit) -> absl::Status {
    KAWAT_ASSIGN_OR_RETURN(const auto members, state::FromBytes<std::int64_t>(value, "a cluster's size", kSizeFields));
    if (members != 0) {
      visit(absl::StrCat("cluster ", Printable(rest), " members=", members));
    }
    return absl::OkStatus();
  };
  const auto bounds = [](std::string_view, std::string_view value, const state::LineVisitor& visit) -> absl::Status {
    KAWAT_ASSIGN_OR_RETURN(const auto known, state::FromBytes<Bounds>(value, "the window's bounds", kBoundsFields));
    visit(absl::StrCat("window bodies=", known.bodies));
    return absl::OkStatus();
  };
  const auto leave_out = [](std::string_view, std::string_view, const state::LineVisitor&) { return absl::OkStatus(); };
  return {{kBodies, body}, {kExpiries, leave_out}, {kClusters, cluster}, {kBounds, bounds}};
}

absl::StatusOr<std::int64_t> BodyWindow::ClusterSize(std::string_view cluster_id) const {
  KAWAT_ASSIGN_OR_RETURN(
      const std::optional<std::int64_t> members,
      state::Read<std::int64_t>(state_, Key(kClusters, cluster_id), "a cluster's size", kSizeFields));
  return members.value_or(0);
}

absl::Status BodyWindow::AddToCluster(std::string_view cluster_id, std::int64_t members) {
  KAWAT_ASSIGN_OR_RETURN(const std::int64_t before, ClusterSize(cluster_id));
  const std::string key = Key(kClusters, cluster_id);
  if (before + members == 0) {
    state_.Delete(key);
  } else {
    state_.Put(key, state::ToBytes(before + members, kSizeFields));
  }
  return absl::OkStatus();
}

}  // namespace kawat::dedupe
