// Between a frontier and the web: starts what is due, and hands the answers back as local events.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "bus/bus.h"
#include "pipeline/stage.h"
#include "services/fetch/frontier.h"
#include "services/fetch/http/http_client.h"

namespace kawat::fetch {

inline constexpr absl::Duration kMaxSilence = absl::Seconds(10);  // of the bus; after it no request starts

// Starts no request while the bus was not heard of for kMaxSilence, nor while pages are backed up; links are applied
// all the same, so that pages and links cannot wait for each other.
//
// Threads: the runner's; answers come from the client's. The frontier calls it after each commit: it must live no
// longer than the driver's last Take. Answers that come after the driver's end are dropped.
class Driver final : public pipeline::LocalInput {
 public:
  // `clock`: what is planned goes by it; in a service one that is never set, else hosts rest or are hurried when the
  // wall clock is. `wall`: pages are dated by it, and the bus says by it when it was heard; null: the same.
  Driver(Frontier& frontier, HttpClient& client, base::Clock& clock, bus::Bus& bus, std::string pages_group,
         base::Clock* wall = nullptr);
  ~Driver() override;
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  // Also starts what is due: nothing else wakes the loop when nothing happens.
  absl::StatusOr<std::vector<bus::Record>> Take(std::size_t max_records) override;

  // For metrics: told about once a second, on the runner's thread.
  struct Report {
    std::int64_t started = 0;    // requests, since the last report
    std::int64_t held_back = 0;  // turns in which nothing was started, for the bus's sake, since the last report
    std::size_t waiting = 0, busy = 0, hosts = 0;
  };
  void Observe(std::function<void(const Report&)> observer) { observer_ = std::move(observer); }

 private:
  struct Inbox {  // shared with the answers on their way
    mutable absl::Mutex mutex;
    std::deque<bus::Record> records ABSL_GUARDED_BY(mutex);
  };

  absl::Status StartDue(std::size_t max);
  absl::StatusOr<bool> MayStart(absl::Time now);
  void Tell(absl::Time now);

  Frontier& frontier_;
  HttpClient& client_;
  base::Clock& clock_;
  base::Clock& wall_;
  bus::Bus& bus_;
  const std::string pages_group_;
  const std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();
  absl::Time backed_up_asked_ = absl::InfinitePast();
  bool backed_up_ = false;
  std::function<void(const Report&)> observer_;
  Report report_;
  absl::Time reported_ = absl::InfinitePast();
};

}  // namespace kawat::fetch
