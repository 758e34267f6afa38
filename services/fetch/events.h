// What happens in fetch's own process, as records that the frontier applies beside those of the bus: so that its state
// depends on nothing but records, and a run can be repeated.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "absl/status/statusor.h"
#include "bus/record.h"
#include "services/fetch/http/http_client.h"

namespace kawat::fetch {

inline constexpr std::string_view kLocalTopic = "local.fetch";

// A request ended. The record's append time is the moment at which the whole answer was there, by the clock of what is
// planned.
struct AnswerEvent {
  std::string host;           // whose turn it was
  std::string url;            // what was asked
  std::string robots_origin;  // "https://host": the answer is this one's robots.txt; empty: it is `url`'s
  int robots_hops = 0;        // redirects that led to it
  bool conditional = false;   // asked with If-None-Match or If-Modified-Since
  std::int64_t wanted = 0;    // UrlState::wanted when it was asked
  absl::Time fetched;         // that moment by the wall clock, which may have been set meanwhile
  HttpAnswer answer;
};

// A URL is due that may not be asked: robots.txt or its source's limits forbid it.
struct JudgedEvent {
  std::string host;
  std::string url;
};

// This owner has taken over the shard.
struct OwnerEvent {
  std::string owner;
};

// At a start the clock of what is planned was behind the last event: pauses that were told before end that much sooner.
struct SetBackEvent {
  absl::Duration by;
};

using Event = std::variant<AnswerEvent, JudgedEvent, OwnerEvent, SetBackEvent>;

bus::Record ToRecord(const Event& event, absl::Time when);
absl::StatusOr<Event> ParseEvent(std::string_view value);  // InvalidArgument

}  // namespace kawat::fetch
