// The rules of design section 4: what an observation of an article means, given what is known. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "article/article.h"
#include "services/dedupe/fingerprint.h"

namespace kawat::dedupe {

// What dedupe keeps of an article.
struct ArticleState {
  std::int64_t seq = 0;  // of the newest observation
  int extractor_version = 0;
  int revision = 0;     // the last; 0: none (only taken down)
  std::string content;  // Fingerprint::content of that revision
  bool taken_down = false;
  article::Membership membership;

  bool operator==(const ArticleState&) const = default;
};

// The article with a given body that was decided first.
struct BodyOwner {
  std::string article_id;
  std::string cluster_id;
  absl::Time append_time;
  std::int64_t offset = 0;  // of the record that made it the owner

  bool operator==(const BodyOwner&) const = default;
};

enum class Verdict {
  kStale,      // not newer than what is known, or taken down: nothing
  kUnchanged,  // newer, the same content: no revision
  kFirst,      // revision 1
  kRevision,   // the next revision
  kReplaced,   // extracted better: the last revision again, in place
};

struct Decision {
  Verdict verdict = Verdict::kStale;
  ArticleState next;                // equal to what is known when kStale
  bool membership_changed = false;  // next.membership is to be told

  bool publishes_revision() const {
    return verdict == Verdict::kFirst || verdict == Verdict::kRevision || verdict == Verdict::kReplaced;
  }
};

// `same_body`: who owns the observed body within the window, in a cluster that has members. `alone`: the article is the
// only member of its cluster.
//
// The cluster of an article is set at its first revision: the owner's of its body, else its own. Later it changes only
// if the article is alone in its cluster and its body now is another cluster's: so no cluster of several is ever torn
// or merged by an edit.
Decision Decide(const std::optional<ArticleState>& known, const article::Article& observed,
                const Fingerprint& fingerprint, const std::optional<BodyOwner>& same_body, bool alone);

// Bytes of the state. Decode: DataLoss.
std::string Encode(const ArticleState& state);
absl::StatusOr<ArticleState> DecodeArticleState(std::string_view article_id, std::string_view bytes);
std::string Encode(const BodyOwner& owner);
absl::StatusOr<BodyOwner> DecodeBodyOwner(std::string_view bytes);

}  // namespace kawat::dedupe
