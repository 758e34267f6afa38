// Reads kawat.deadletters, and sends the original records again (docs/adr/0007-dead-letters.md).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "article/reason.h"
#include "base/clock.h"
#include "bus/bus.h"
#include "pipeline/dead_letter.h"

namespace kawat::fetch {

struct DeadLetterPlace {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
};

struct DeadLetterFilter {
  std::string stage;                      // empty: all
  std::optional<article::Reason> reason;  // absent: all
  absl::Time since = absl::InfinitePast();
  absl::Time until = absl::InfiniteFuture();
  std::string id;  // of the refused record; empty: all
};

struct StoredDeadLetter {
  DeadLetterPlace place;
  std::string id;  // "topic/partition/offset" of the refused record
  absl::Time refused_time;
  pipeline::RefusedRecord refused;
};

struct DeadLetterPage {
  std::vector<StoredDeadLetter> letters;  // without keys and values, of which only the sizes are kept
  std::vector<std::size_t> key_bytes;
  std::vector<std::size_t> value_bytes;
  std::string next_page_token;
};

struct ReplayedDeadLetter {
  std::string id;
  // OK: sent, or would be; NotFound: the original is nowhere any more; InvalidArgument: no letter of kawat's own
  absl::Status status;
};

inline constexpr int kMaxReplayedAtOnce = 100;

// Threads: any; one call at a time works, others wait.
class DeadLetters {
 public:
  // Both must outlive it.
  DeadLetters(bus::Bus& bus, base::Clock& clock) : bus_(bus), clock_(clock) {}

  // Is told of each record once it is stored. Before the first call.
  void OnSent(std::function<void(const bus::Record&)> on_sent) { on_sent_ = std::move(on_sent); }

  // Partition by partition, in the order of offsets. A page ends with `page_size` letters, 64 MiB read or 2 s, and so
  // may hold fewer or none: an empty token says that all was seen. InvalidArgument: the token or the size.
  absl::StatusOr<DeadLetterPage> List(const DeadLetterFilter& filter, int page_size, const std::string& page_token);

  absl::StatusOr<StoredDeadLetter> Get(const DeadLetterPlace& place);  // NotFound

  // Sends the originals to their partitions again: as their own topics have them if they do, else as the letters do.
  // One result for each place. Once it returns they are stored. Unavailable: parse is behind on pages, or the log is
  // silent; then some may be stored. InvalidArgument: more than kMaxReplayedAtOnce.
  absl::StatusOr<std::vector<ReplayedDeadLetter>> Replay(std::span<const DeadLetterPlace> places, bool dry_run);

 private:
  absl::StatusOr<bus::Consumer*> Reader() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<StoredDeadLetter> Read(const DeadLetterPlace& place) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<bus::Record> Original(const StoredDeadLetter& letter) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Send(const std::vector<bus::Record>& records) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status ListPartition(const DeadLetterFilter& filter, std::size_t page_size, absl::Time deadline,
                             bus::Position& next, bool& full, DeadLetterPage& page)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  bus::Bus& bus_;
  base::Clock& clock_;
  std::function<void(const bus::Record&)> on_sent_;
  absl::Mutex mutex_;
  std::unique_ptr<bus::Consumer> reader_ ABSL_GUARDED_BY(mutex_);    // null: not needed yet
  std::unique_ptr<bus::Producer> producer_ ABSL_GUARDED_BY(mutex_);  // null: not needed yet, or failed
};

}  // namespace kawat::fetch
