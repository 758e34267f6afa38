// A frontier's state as facts (state/logical.h): what it knows, and how it ended. A frontier is not made again from the
// log, so two of the same web agree in this, not in what depends on when they asked.
//
//   source, url (its outcome, if it is no source's own: those are asked again and again), robots
//
// Left out: times, numbers of requests and failures, validators, seqs, hints, the way that led to a URL; hosts,
// budgets, the owner.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "state/logical.h"
#include "state/store.h"

namespace kawat::fetch {

// DataLoss: something does not decode.
absl::Status VisitLogical(const state::Reader& state, const state::LineVisitor& visit);
absl::StatusOr<std::string> LogicalFingerprint(const state::Reader& state);

}  // namespace kawat::fetch
