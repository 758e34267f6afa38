#include "services/store/watch.h"

#include <iterator>

#include "base/status.h"
#include "services/store/tokens.h"

namespace kawat::store {
namespace {

// A stream may be resumed with another filter: what it passed over stays passed over.
constexpr std::string_view kMark = "watch";

}  // namespace

absl::StatusOr<Watch> Watch::Begin(const Library& library, const Filter& filter, const std::string& resume_token,
                                   const Patience& patience) {
  Watch watch(library, filter);
  watch.places_.resize(static_cast<std::size_t>(library.shards()));
  KAWAT_RETURN_IF_ERROR(library.Refresh(patience));
  if (resume_token.empty()) {
    for (int shard = 0; shard < library.shards(); ++shard) {
      KAWAT_ASSIGN_OR_RETURN(watch.places_[static_cast<std::size_t>(shard)].passed,
                             library.NodeOf(shard).LastSequence(shard));
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

absl::Status Watch::Look(std::size_t shard, const Patience& patience) {
  Place& place = places_[shard];
  const int number = static_cast<int>(shard);
  const Node& node = library_->NodeOf(number);
  KAWAT_ASSIGN_OR_RETURN(const std::int64_t last, node.LastSequence(number));
  if (place.passed >= last) {
    return absl::OkStatus();
  }
  KAWAT_ASSIGN_OR_RETURN(std::vector<StoredChange> changes, node.ReadChanges(number, place.passed, patience));
  place.ahead.assign(std::make_move_iterator(changes.begin()), std::make_move_iterator(changes.end()));
  return absl::OkStatus();
}

absl::StatusOr<std::optional<FoundArticle>> Watch::Take(std::size_t shard) {
  Place& place = places_[shard];
  StoredChange change = std::move(place.ahead.front());
  place.ahead.pop_front();
  place.passed = change.offset;
  if (!change.article.has_value()) {
    return std::nullopt;
  }
  KAWAT_ASSIGN_OR_RETURN(FoundArticle found, library_->Join(*std::move(change.article)));
  if (!Library::Matches(filter_, found)) {
    return std::nullopt;
  }
  return found;
}

absl::StatusOr<std::optional<WatchedArticle>> Watch::Next(std::size_t max_changes, const Patience& patience) {
  more_ = true;
  std::size_t empty = 0;  // shards in a row that had nothing
  for (std::size_t changes = 0; changes < max_changes && empty < places_.size();) {
    const std::size_t shard = turn_;
    turn_ = (turn_ + 1) % places_.size();
    if (places_[shard].ahead.empty()) {
      const absl::Status looked = Look(shard, patience);
      if (absl::IsDeadlineExceeded(looked) && changes > 0) {
        return std::nullopt;  // peers answer, only not all of it in this time: the next call goes on from here
      }
      KAWAT_RETURN_IF_ERROR(looked);
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
