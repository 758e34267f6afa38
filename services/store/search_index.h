// The full text of a shard as a port: documents in, newest first out.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace kawat::store {

// A document's place among all of its shard, newest first: sort time in milliseconds << 20, and a tie-breaker below.
// Unique in a shard.
using Position = std::int64_t;
inline constexpr Position kNewest = INT64_MAX;  // "before" all
inline constexpr int kTieBits = 20;

// The lowest position of that moment.
inline Position FirstPositionAt(absl::Time sort_time) {
  constexpr std::int64_t kMaxMillis = (std::int64_t{1} << 43) - 1;  // the year 2248
  return std::clamp<std::int64_t>(absl::ToUnixMillis(sort_time), 0, kMaxMillis) << kTieBits;
}

struct Document {
  std::string article_id;
  Position position = 0;
  absl::Time observed_time;
  std::string source_id;
  std::string language;
  std::string host;
  std::string title;
  std::string body;
};

// What is asked, after names have become ids: all of `all_of` must hold, none of `none_of`.
struct IndexTerm {
  enum class Kind { kText, kSource, kLanguage, kSite };
  Kind kind = Kind::kText;
  std::string text;  // kText: a word or phrase; matches title or body
};
struct IndexQuery {
  std::vector<std::vector<IndexTerm>> all_of;   // of each, one must hold; an empty one never holds
  std::vector<std::vector<IndexTerm>> none_of;  // of each, none may hold
  Position from = 0;                            // positions in [from, before)
  Position before = kNewest;
  absl::Time observed_from = absl::InfinitePast();
};

struct IndexHit {
  std::string article_id;
  Position position = 0;

  bool operator==(const IndexHit&) const = default;
};

// How long a reader waits. `cancelled` may be empty; it is asked now and then.
struct Patience {
  absl::Time deadline = absl::InfiniteFuture();
  std::function<bool()> cancelled;

  // DeadlineExceeded, Cancelled: it has ended.
  absl::Status Check() const {
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError("not within the deadline; ask for less at a time");
    }
    return cancelled && cancelled() ? absl::CancelledError("nobody waits any more") : absl::OkStatus();
  }
};

// Threads: Update and Clear from one; the others from any.
// Adapters: fts5_index.h.
class SearchIndex {
 public:
  virtual ~SearchIndex() = default;

  // The sequence number given with the last Update that is on disk; -1: none yet.
  virtual std::int64_t last_sequence() const = 0;

  // Removes the articles in `remove`, and those in `add` as they were; then adds `add`, and keeps `sequence`: all of it
  // or nothing. Who stood at a position of `add` is removed as well: it has moved, and comes again with a later
  // sequence number. DataLoss: what it holds is damaged, as this call or a Find before it met; Clear mends that.
  virtual absl::Status Update(std::span<const Document> add, std::span<const std::string> remove,
                              std::int64_t sequence) = 0;

  // Empties it, damaged or not: last_sequence() is -1 again.
  virtual absl::Status Clear() = 0;

  // At most `limit`, newest first. DeadlineExceeded, Cancelled by `patience`. DataLoss as above.
  virtual absl::StatusOr<std::vector<IndexHit>> Find(const IndexQuery& query, std::size_t limit,
                                                     const Patience& patience) const = 0;
};

}  // namespace kawat::store
