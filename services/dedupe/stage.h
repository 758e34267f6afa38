// Dedupe as a stage: from kawat.parsed to the facts of kawat.articles. Rules: decision.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "pipeline/stage.h"
#include "services/dedupe/body_window.h"
#include "services/dedupe/decision.h"

namespace kawat::dedupe {

// Keys of the state; the window's are in body_window.cpp.
//   d/ARTICLE            ArticleState
//   u/ARTICLE/URLHASH    empty: an URL that was told as an alias (article::AliasKey)
//   begun                empty: this state has begun (BeginOrRefuse)
//   adopting             empty: an adoption has begun and not ended (adoption.h)
inline constexpr std::string_view kDecisions = "d/";
inline constexpr std::string_view kBegunKey = "begun";
inline constexpr std::string_view kAdoptingKey = "adopting";
std::string DecisionKey(std::string_view article_id);

class DedupeStage final : public pipeline::Stage {
 public:
  explicit DedupeStage(WindowLimits limits = {}) : limits_(limits) {}

  const WindowLimits& limits() const { return limits_; }

  absl::Status Apply(const bus::Record& in, state::Txn& state, pipeline::Outbox& out) override;

 private:
  absl::Status Observe(const article::Article& article, const bus::Record& in, state::Txn& state,
                       pipeline::Outbox& out) const;
  absl::Status TakeDown(const article::TakeDown& take_down, state::Txn& state, pipeline::Outbox& out) const;

  WindowLimits limits_;
};

// The last decision on an article; nullopt: none. Any thread.
absl::StatusOr<std::optional<ArticleState>> ReadDecision(const state::Reader& state, std::string_view article_id);

// Whether this state may begin: it has begun before, or kawat.articles is empty. A dedupe that starts without its
// decisions would decide everything anew, so that is FailedPrecondition, which names what
// adopts them (adoption.h); marks the state as begun otherwise.
absl::Status BeginOrRefuse(state::Store& state, bool articles_is_empty);

}  // namespace kawat::dedupe
