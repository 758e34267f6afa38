// Articles of which something was told above the offset below which facts are adopted. Compaction keeps the newest of a
// key only, so that what was told below may be gone: a revision that was then extracted anew, or erased. It is made
// good from the observations that kawat.parsed still has. Inside adoption.cpp only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/dedupe/adopted_fact.h"
#include "services/dedupe/body_window.h"
#include "services/dedupe/decision.h"
#include "state/store.h"

namespace kawat::dedupe {

class LostArticles {
 public:
  // Of each fact above the offset.
  void Note(const AdoptedFact& fact);

  // What the facts above tell of the revisions below: enough that they come out again with the same keys. After all
  // that is adopted was.
  absl::Status Guess(state::Txn& state);

  // An observation below the offset, in order; clusters' sizes are known. Gives the article the body of an erased
  // revision if nobody has it: who had it since may have left it, but then it is the take-down that comes next.
  absl::Status Observe(const article::Article& observed, absl::Time now, std::int64_t offset, BodyWindow& window,
                       const state::Txn& state);

  // Puts what the observations came to, where that is more than is known.
  absl::Status Finish(state::Txn& state);

 private:
  struct Lost {
    std::optional<AdoptedRevision> first_told;  // the lowest revision
    std::set<int> erased;
    std::optional<ArticleState> observed;  // without a membership
  };
  std::map<std::string, Lost> articles_;
};

}  // namespace kawat::dedupe
