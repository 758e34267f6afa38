// What operators ask of fetch, in plain C++: the gRPC handler only translates.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "article/source.h"
#include "base/clock.h"
#include "base/shutdown.h"
#include "bus/bus.h"
#include "services/fetch/frontier_state.h"
#include "services/fetch/source_book.h"
#include "state/store.h"

namespace kawat::fetch {

// Changes are records of kawat.sources and kawat.links; answers come from the state of this process's shards.
// Threads: any.
class Admin {
 public:
  struct Shard {
    std::int32_t partition = 0;
    const state::Store* store = nullptr;
  };

  // `shards`: at least one. The stores, the bus and the clock must outlive it.
  static absl::StatusOr<std::unique_ptr<Admin>> Create(std::vector<Shard> shards, std::int32_t partitions,
                                                       CrawlLimits limits, bus::Bus& bus, base::Clock& clock);

  // For metrics: told of each record that was handed to the bus. Before the first call.
  void OnSent(std::function<void(const bus::Record&)> callback) { on_sent_ = std::move(callback); }

  // Returns once the first shard has it or, the record being stored for good, at `deadline`. One change of sources at a
  // time, so that of two calls with one id one is refused (if both come to this process, and its first shard is not
  // behind). InvalidArgument names field and limit; AlreadyExists: another source has the id (an equal one is no
  // error); DeadlineExceeded: the bus has not acknowledged it, or other changes took the time.
  absl::Status CreateSource(const article::Source& source, absl::Time deadline);
  absl::Status DeleteSource(const std::string& id, absl::Time deadline);  // NotFound

  absl::StatusOr<article::Source> GetSource(const std::string& id) const;  // NotFound
  struct SourcePage {
    std::vector<article::Source> sources;
    std::string next_page_token;
  };
  // A page also ends where the next source would bring it above 3 MiB.
  absl::StatusOr<SourcePage> ListSources(int page_size, const std::string& page_token) const;  // InvalidArgument

  // Announces those that are new or changed; waits for a bus that is silent, and says so in the log. Cancelled: a
  // shutdown was requested meanwhile.
  absl::Status Announce(const std::vector<article::Source>& sources, const base::Shutdown& shutdown);

  // The canonical URL. InvalidArgument: no URL, or within no source's domains.
  absl::StatusOr<std::string> SubmitUrl(std::string_view url, absl::Time deadline);

  // The shard of a URL, and whether it is one of this process. InvalidArgument: no URL.
  absl::StatusOr<std::int32_t> ShardOf(std::string_view url) const;
  bool Has(std::int32_t partition) const { return Find(partition) != nullptr; }

  // NotFound: never seen. FailedPrecondition: another instance has its shard.
  absl::StatusOr<std::pair<std::string, UrlState>> GetUrl(std::string_view url) const;

 private:
  Admin(std::vector<Shard> shards, std::int32_t partitions, CrawlLimits limits, std::unique_ptr<bus::Producer> producer,
        bus::Bus& bus, base::Clock& clock)
      : shards_(std::move(shards)),
        partitions_(partitions),
        limits_(limits),
        bus_(bus),
        producer_(std::move(producer)),
        clock_(clock) {}

  const state::Store& store() const { return *shards_.front().store; }  // each shard has all sources
  const Shard* Find(std::int32_t partition) const;                      // null: another instance has it
  absl::StatusOr<std::optional<std::string>> Stored(const std::string& id) const;
  absl::Status Send(const bus::Record& record, absl::Time deadline);
  absl::Status SendSource(const std::string& id, const std::optional<std::string>& value, absl::Time deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(change_mutex_);

  const std::vector<Shard> shards_;
  const std::int32_t partitions_;
  const CrawlLimits limits_;
  bus::Bus& bus_;
  absl::Mutex change_mutex_;  // held from the look at what there is until the change is seen
  absl::Mutex producer_mutex_;
  std::unique_ptr<bus::Producer> producer_ ABSL_GUARDED_BY(producer_mutex_);  // null: failed; made anew when needed
  base::Clock& clock_;
  std::function<void(const bus::Record&)> on_sent_ = [](const bus::Record&) {};
};

}  // namespace kawat::fetch
