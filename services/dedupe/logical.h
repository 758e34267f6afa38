// Dedupe's state as facts (state/logical.h). Two states agree if they decide alike from here on.
//
//   decision  an article's revision, content, membership, whether it was taken down
//   seen      the newest observation of it, also of one that changed nothing: of those kawat.articles does not tell
//   alias     a URL that was told
//   cluster   its members
//   body      in the window: its owner, and since when; window: how many
//
// Left out: what follows from the rest (the order of expiry, the place where the next begins), clusters without
// members.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "state/logical.h"
#include "state/store.h"

namespace kawat::dedupe {

// DataLoss: something does not decode.
absl::Status VisitLogical(const state::Reader& state, const state::LineVisitor& visit);
absl::StatusOr<std::string> LogicalFingerprint(const state::Reader& state);

}  // namespace kawat::dedupe
