// A shard of the store as facts (state/logical.h). Two shards agree if they were told the same facts, in whatever
// records: a live one and one that was rebuilt from kawat.articles.
//
//   article   the head: revisions, the time it is sorted by, whether it was taken down, its membership with version
//   revision  its event, with version
//   member, alias, source, totals
//
// Left out: offsets in kawat.articles and complete_below, which depend on how often an event was sent; so the order of
// changes (s/) and Totals::last_offset; Totals::newest_observed and removed sources (x/), of which a compacted log
// knows no more; and what follows from the rest: lists (p/, the tie-breakers of positions), groups (g/).
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "state/logical.h"
#include "state/store.h"

namespace kawat::store {

// DataLoss: something does not decode.
absl::Status VisitLogical(const state::Reader& state, const state::LineVisitor& visit);
absl::StatusOr<std::string> LogicalFingerprint(const state::Reader& state);

}  // namespace kawat::store
