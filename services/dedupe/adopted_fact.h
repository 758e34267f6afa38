// What a record of kawat.articles tells of dedupe's state. Inside adoption.cpp only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "article/article.h"
#include "bus/record.h"
#include "services/dedupe/decision.h"
#include "state/store.h"

namespace kawat::dedupe {

struct AdoptedRevision {
  std::int64_t seq = 0;
  int extractor_version = 0;
  int revision = 0;
  std::string content;
  std::string body;
  std::optional<BodyOwner> owner;  // of the body, if that is this article
};

struct ErasedRevision {
  int revision = 0;
};

struct AdoptedFact {
  article::Version version;
  std::string article_id;
  std::variant<AdoptedRevision, ErasedRevision, article::Membership, article::UrlAlias, article::TakeDown> fact;
};

// `complete_below` is set as well if the record has a value. nullopt: the record tells nothing. InvalidArgument: it
// does not decode, or cannot be dedupe's. FailedPrecondition: a newer version wrote it.
absl::StatusOr<std::optional<AdoptedFact>> ReadFact(const bus::Record& record, std::int64_t& complete_below);

// Puts it into the state, but for clusters' sizes and bodies. Facts of an article may come in any order, and
// repeatedly.
absl::Status AdoptFact(const AdoptedFact& fact, state::Txn& state);

}  // namespace kawat::dedupe
