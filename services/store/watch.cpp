#include "services/store/watch.h"

#include "base/status.h"
#include "services/store/tokens.h"

namespace kawat::store {
namespace {

constexpr std::size_t kLookAhead = 64;

// A stream may be resumed with another filter: what it passed over stays passed over.
constexpr std::string_view kMark = "watch";

}  // namespace

absl::StatusOr<Watch> Watch::Begin(const Library& library, const Filter& filter, const std::string& resume_token) {
  Watch watch(library, filter);
  watch.places_.resize(library.shards().size());
  if (resume_token.empty()) {
    for (std::size_t i = 0; i < watch.places_.size(); ++i) {
      watch.places_[i].passed = library.shards()[i].index->last_sequence();
    }
    return watch;
  }
  KAWAT_ASSIGN_OR_RETURN(const std::vector<std::int64_t> places,
                         DecodeToken("resume_token", resume_token, kMark, watch.places_.size()));
  for (std::size_t i = 0; i < places.size(); ++i) {
    watch.places_[i].passed = places[i];
  }
  return watch;
}

std::string Watch::Token() const {
  std::vector<std::int64_t> places;
  places.reserve(places_.size());
  for (const Place& place : places_) {
    places.push_back(place.passed);
  }
  return EncodeToken(kMark, places);
}

absl::Status Watch::Look(std::size_t shard) {
  Place& place = places_[shard];
  const Shard& of = library_->shards()[shard];
  const std::int64_t last = of.index->last_sequence();
  if (place.passed >= last) {
    return absl::OkStatus();
  }
  return ScanChanges(*of.state, place.passed + 1, [&](std::int64_t offset, const Change& change) {
    if (offset > last) {
      return false;
    }
    place.ahead.emplace_back(offset, change);
    return place.ahead.size() < kLookAhead;
  });
}

absl::StatusOr<std::optional<FoundArticle>> Watch::Take(std::size_t shard) {
  Place& place = places_[shard];
  const state::Store& state = *library_->shards()[shard].state;
  const auto [offset, change] = place.ahead.front();
  place.ahead.pop_front();
  place.passed = offset;
  KAWAT_ASSIGN_OR_RETURN(const Head head, ReadHead(state, change.article_id));
  KAWAT_ASSIGN_OR_RETURN(const std::optional<Revision> revision,
                         ReadRevision(state, change.article_id, change.revision));
  if (head.taken_down || !revision.has_value() || revision->offset != offset) {
    return std::nullopt;  // replaced in place since: it comes later
  }
  KAWAT_ASSIGN_OR_RETURN(article::Article article, ArticleOf(head, *revision));
  KAWAT_ASSIGN_OR_RETURN(FoundArticle found, library_->Join(std::move(article)));
  if (!Library::Matches(filter_, found)) {
    return std::nullopt;
  }
  return found;
}

absl::StatusOr<std::optional<WatchedArticle>> Watch::Next(std::size_t max_changes) {
  more_ = true;
  std::size_t empty = 0;  // shards in a row that had nothing
  for (std::size_t changes = 0; changes < max_changes && empty < places_.size();) {
    const std::size_t shard = turn_;
    turn_ = (turn_ + 1) % places_.size();
    if (places_[shard].ahead.empty()) {
      KAWAT_RETURN_IF_ERROR(Look(shard));
    }
    if (places_[shard].ahead.empty()) {
      ++empty;
      continue;
    }
    empty = 0;
    ++changes;
    KAWAT_ASSIGN_OR_RETURN(std::optional<FoundArticle> found, Take(shard));
    if (found.has_value()) {
      return WatchedArticle{.found = *std::move(found), .resume_token = Token()};
    }
  }
  more_ = empty < places_.size();
  return std::nullopt;
}

}  // namespace kawat::store
