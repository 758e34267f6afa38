#include "services/fetch/driver.h"

#include <iterator>
#include <utility>

#include "base/status.h"
#include "bus/topics.h"

namespace kawat::fetch {
namespace {

constexpr absl::Duration kAskBackedUpEvery = absl::Milliseconds(200);
constexpr absl::Duration kReportEvery = absl::Seconds(1);
constexpr std::size_t kMaxStarts = 256;
constexpr std::size_t kMaxBytesTaken = 16 << 20;  // of answers, into one batch

}  // namespace

Driver::Driver(Frontier& frontier, HttpClient& client, base::Clock& clock, bus::Bus& bus, std::string pages_group,
               base::Clock* wall)
    : frontier_(frontier),
      client_(client),
      clock_(clock),
      wall_(wall == nullptr ? clock : *wall),
      bus_(bus),
      pages_group_(std::move(pages_group)) {
  frontier_.OnCommitted([this] { return StartDue(kMaxStarts); });
}

Driver::~Driver() { frontier_.OnCommitted(nullptr); }

absl::StatusOr<std::vector<bus::Record>> Driver::Take(std::size_t max_records) {
  KAWAT_RETURN_IF_ERROR(StartDue(max_records));
  std::vector<bus::Record> taken;
  std::size_t bytes = 0;
  absl::MutexLock lock(&inbox_->mutex);
  while (!inbox_->records.empty() && taken.size() < max_records && bytes < kMaxBytesTaken) {
    bytes += inbox_->records.front().value->size();
    taken.push_back(std::move(inbox_->records.front()));
    inbox_->records.pop_front();
  }
  return taken;
}

void Driver::Tell(absl::Time now) {
  if (!observer_ || now - reported_ < kReportEvery) {
    return;
  }
  reported_ = now;
  const Schedule& schedule = frontier_.schedule();
  report_.waiting = schedule.waiting();
  report_.busy = schedule.busy();
  report_.hosts = schedule.hosts();
  observer_(std::exchange(report_, {}));
}

absl::StatusOr<bool> Driver::MayStart(absl::Time now) {
  if (now - backed_up_asked_ >= kAskBackedUpEvery) {
    backed_up_asked_ = now;
    const auto backed_up = bus_.IsBackedUp(bus::kPages, pages_group_);
    if (absl::IsPermissionDenied(backed_up.status())) {  // waiting does not mend it
      return backed_up.status();
    }
    backed_up_ = !backed_up.ok() || *backed_up;  // a bus that does not answer has nothing made for it
  }
  return !backed_up_ && wall_.Now() - bus_.LastHeard() <= kMaxSilence;
}

absl::Status Driver::StartDue(std::size_t max) {
  const absl::Time now = clock_.Now();
  Tell(now);
  if (frontier_.schedule().NextTime() > now && frontier_.owner_told()) {
    return absl::OkStatus();
  }
  KAWAT_ASSIGN_OR_RETURN(const bool may_start, MayStart(now));
  if (!may_start) {
    ++report_.held_back;
    return absl::OkStatus();
  }
  KAWAT_ASSIGN_OR_RETURN(Due due, frontier_.TakeDue(now, max));
  report_.started += static_cast<std::int64_t>(due.requests.size());
  {
    absl::MutexLock lock(&inbox_->mutex);
    std::move(due.events.begin(), due.events.end(), std::back_inserter(inbox_->records));
  }
  for (DueRequest& each : due.requests) {
    client_.Start(std::move(each.request), [inbox = inbox_, clock = &clock_, wall = &wall_,
                                            event = std::move(each.event)](HttpAnswer answer) mutable {
      const absl::Time end = clock->Now();
      event.fetched = wall->Now();
      event.answer = std::move(answer);
      bus::Record record = ToRecord(event, end);
      absl::MutexLock lock(&inbox->mutex);
      inbox->records.push_back(std::move(record));
    });
  }
  return absl::OkStatus();
}

}  // namespace kawat::fetch
