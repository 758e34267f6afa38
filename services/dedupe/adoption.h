// A dedupe that lost its state adopts what it once decided, from kawat.articles (docs/adr/0012-adoption.md).
//
// Each event says below which offset of kawat.parsed all outputs were acknowledged. What was decided below the highest
// of them is adopted; what was decided above may lack a part, and is decided again, with the same versions. Dedupe then
// stands where it stood after its last commit that another commit's outputs tell of.
//
// What cannot be known, and why it does no harm:
//   - the newest observation of an article if it showed nothing new and kawat.parsed no longer has it. An observation
//     between that one and the last revision would be judged instead of ignored: it was seen, so that is no invention.
//   - bodies whose owner was taken down, or whose revision was extracted anew with another body: their place is free.
//   - bodies decided by a version that did not tell of ownership: their copies become originals.
#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "bus/bus.h"
#include "services/dedupe/body_window.h"
#include "state/store.h"

namespace kawat::dedupe {

struct AdoptionProgress {
  std::int64_t done = 0;  // records read
  std::int64_t all = 0;   // that are to be read, as far as known: kawat.parsed's are added when it is their turn
};

struct Adoption {
  std::uint32_t log_epoch = 0;
  std::int64_t next = 0;       // offset in kawat.parsed from which dedupe goes on
  std::int64_t articles = 0;   // adopted
  std::int64_t undecided = 0;  // events above that offset: decided again
  std::int64_t malformed = 0;  // events that do not decode: left out
};

// Reads all of kawat.articles, as it is now, into `state`, so that the ordinary runner of dedupe/0 goes on from there.
// Killed in the middle it leaves a state that BeginOrRefuse refuses, and that the next Adopt begins anew.
//   FailedPrecondition  the state is not empty; or kawat.articles says nothing of where dedupe stood, and nothing was
//                       adopted; or kawat.parsed lacks the offset to go on from: all is adopted then, and accept-log
//                       goes on
//   any other           of the log or the disk: try again
absl::StatusOr<Adoption> Adopt(bus::Bus& bus, state::Store& state, WindowLimits limits,
                               const std::function<void(const AdoptionProgress&)>& progress);

}  // namespace kawat::dedupe
