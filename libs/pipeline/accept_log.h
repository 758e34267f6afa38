// Going on, by will, where the log contradicts a shard's cursor (cursor.h): the topic was made anew, cut, or lost
// records before they were read. The cursor is set to the log's start and its log epoch raised by one, so that what is
// made from this log is newer than all before.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bus/bus.h"
#include "pipeline/cursor.h"
#include "state/store.h"

namespace kawat::pipeline {

struct AcceptedInput {
  bus::TopicPartition input;
  std::string contradiction;  // a sentence; empty: the log agrees, and the cursor stays
  std::string consequence;    // what may be lost, or is met again
  Cursor before;
  Cursor after;

  bool changes() const { return !contradiction.empty(); }
};

// What accepting the log would do to each input of the shard. Changes nothing.
//   NotFound            the state has no cursor: it begins at the log's start anyway
//   FailedPrecondition  the state is another shard's
absl::StatusOr<std::vector<AcceptedInput>> PlanAcceptLog(std::string_view owner, const state::Reader& state,
                                                         bus::Consumer& consumer);

absl::Status AcceptLog(const std::vector<AcceptedInput>& plan, state::Store& state);

}  // namespace kawat::pipeline
