#include "services/store/stage.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "article/codec.h"
#include "base/status.h"
#include "bus/topics.h"
#include "url/url.h"

namespace kawat::store {
namespace {

// The low bits of a position: the beginning of the article's id, so that they do not depend on what else is stored,
// short of a collision.
Position TieOf(const std::string& article_id) {
  std::uint32_t tie = 0;
  std::from_chars(article_id.data(), article_id.data() + std::min<std::size_t>(article_id.size(), kTieBits / 4), tie,
                  16);
  return tie;
}

absl::StatusOr<Position> FreePosition(const state::Reader& state, absl::Time sort_time, const std::string& article_id) {
  constexpr Position kMask = (Position{1} << kTieBits) - 1;
  Position position = FirstPositionAt(sort_time) | TieOf(article_id);
  while (true) {
    KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> taken, state.Get(PositionKey(position)));
    if (!taken.has_value()) {
      return position;
    }
    position = (position & ~kMask) | ((position + 1) & kMask);
  }
}

// One record's changes: reads the head and the totals, lets the record change them, and writes both.
class Applier {
 public:
  Applier(const bus::Record& in, const article::ArticleEvent& event, state::Txn& state)
      : in_(in), event_(event), state_(state) {}

  absl::Status Apply(const article::Article& article);
  absl::Status Apply(const article::Membership& membership);
  absl::Status Apply(const article::UrlAlias& alias);
  absl::Status Apply(const article::TakeDown& take_down);

 private:
  absl::Status CheckKey(const std::string& expected) const {
    return in_.key == expected
               ? absl::OkStatus()
               : absl::InvalidArgumentError(absl::StrCat("the key is ", in_.key, ", its fact is of ", expected));
  }
  absl::Status Load(const std::string& article_id) {
    id_ = article_id;
    KAWAT_ASSIGN_OR_RETURN(head_, ReadHead(state_, id_));
    before_ = head_;
    return absl::OkStatus();
  }
  absl::Status Save();
  absl::Status Move(const article::Article& newest);

  const bus::Record& in_;
  const article::ArticleEvent& event_;
  state::Txn& state_;
  std::string id_;
  Head head_;
  Head before_;
  absl::Time observed_ = absl::InfinitePast();
};

// Totals are what heads add to them, so a fact that comes again adds nothing.
absl::Status Applier::Save() {
  KAWAT_ASSIGN_OR_RETURN(Totals totals, ReadTotals(state_));
  const auto add = [&](const Head& head, int sign) {
    totals.articles += sign * (head.revision > 0 ? 1 : 0);
    totals.revisions += sign * head.revisions;
    totals.clusters += sign * (head.revision > 0 && head.membership.cluster_id == id_ ? 1 : 0);
  };
  add(before_, -1);
  add(head_, 1);
  totals.newest_observed = std::max(totals.newest_observed, observed_);
  state_.Put(kTotals, Encode(totals));
  state_.Put(HeadKey(id_), Encode(head_));
  return absl::OkStatus();
}

absl::Status Applier::Move(const article::Article& newest) {
  const absl::Time sort_time = std::min(newest.published_time.value_or(head_.first_observed), head_.first_observed);
  if (head_.position != 0) {
    if (FirstPositionAt(sort_time) >> kTieBits == head_.position >> kTieBits) {
      return absl::OkStatus();
    }
    state_.Delete(PositionKey(head_.position));
  }
  KAWAT_ASSIGN_OR_RETURN(head_.position, FreePosition(state_, sort_time, id_));
  state_.Put(PositionKey(head_.position), id_);
  return absl::OkStatus();
}

absl::Status Applier::Apply(const article::Article& article) {
  KAWAT_RETURN_IF_ERROR(CheckKey(article::RevisionKey(article.id, article.revision)));
  if (article.revision < 1) {
    return absl::InvalidArgumentError("a revision's number begins with 1");
  }
  KAWAT_RETURN_IF_ERROR(Load(article.id));
  if (head_.taken_down) {
    return absl::OkStatus();
  }
  KAWAT_ASSIGN_OR_RETURN(const std::optional<Revision> known, ReadRevision(state_, id_, article.revision));
  if (known.has_value()) {
    KAWAT_ASSIGN_OR_RETURN(const article::ArticleEvent old, article::DecodeArticleEvent(known->event));
    if (event_.version <= old.version) {
      return absl::OkStatus();
    }
    state_.Delete(ChangeKey(known->offset));
  } else {
    ++head_.revisions;
  }
  state_.Put(RevisionStateKey(id_, article.revision), Encode(Revision{.offset = in_.offset, .event = *in_.value}));
  state_.Put(ChangeKey(in_.offset), Encode(Change{.article_id = id_, .revision = article.revision}));
  observed_ = article.observed_time;
  const bool earlier = article.observed_time < head_.first_observed;
  head_.first_observed = std::min(head_.first_observed, article.observed_time);
  if (article.revision >= head_.revision) {
    head_.revision = article.revision;
    KAWAT_RETURN_IF_ERROR(Move(article));
  } else if (earlier) {  // compaction and replays may bring an older revision after a newer one
    KAWAT_ASSIGN_OR_RETURN(const std::optional<Revision> newest, ReadRevision(state_, id_, head_.revision));
    KAWAT_ASSIGN_OR_RETURN(const article::ArticleEvent event, article::DecodeArticleEvent(newest->event));
    KAWAT_RETURN_IF_ERROR(Move(std::get<article::Article>(event.fact)));
  }
  return Save();
}

absl::Status Applier::Apply(const article::Membership& membership) {
  KAWAT_RETURN_IF_ERROR(CheckKey(article::MembershipKey(membership.article_id, membership.number)));
  KAWAT_RETURN_IF_ERROR(Load(membership.article_id));
  if (head_.taken_down ||
      std::pair(membership.number, event_.version) <= std::pair(head_.membership.number, head_.membership_version)) {
    return absl::OkStatus();
  }
  if (head_.membership.number > 0) {
    state_.Delete(ClusterPrefix(head_.membership.cluster_id) + id_);
  }
  head_.membership = membership;
  head_.membership_version = event_.version;
  state_.Put(ClusterPrefix(membership.cluster_id) + id_, Encode(Member{.version = event_.version}));
  return Save();
}

absl::Status Applier::Apply(const article::UrlAlias& alias) {
  KAWAT_RETURN_IF_ERROR(CheckKey(article::AliasKey(alias.article_id, alias.url)));
  KAWAT_RETURN_IF_ERROR(Load(alias.article_id));
  if (head_.taken_down) {
    return absl::OkStatus();
  }
  std::vector<std::string> urls = {alias.url};
  if (absl::StatusOr<std::string> canonical = url::Canonical(alias.url); canonical.ok() && *canonical != alias.url) {
    urls.push_back(*std::move(canonical));
  }
  for (const std::string& url : urls) {
    KAWAT_ASSIGN_OR_RETURN(const std::optional<Alias> known, ReadAlias(state_, url));
    if (!known.has_value() || known->version < event_.version) {
      state_.Put(UrlKey(url), Encode(Alias{.article_id = alias.article_id, .version = event_.version}));
    }
  }
  return absl::OkStatus();
}

absl::Status Applier::Apply(const article::TakeDown& take_down) {
  KAWAT_RETURN_IF_ERROR(CheckKey(article::TakeDownKey(take_down.article_id)));
  KAWAT_RETURN_IF_ERROR(Load(take_down.article_id));
  if (head_.taken_down) {
    return absl::OkStatus();
  }
  std::vector<std::string> erased;
  absl::Status damage;
  KAWAT_RETURN_IF_ERROR(state_.Scan(RevisionsPrefix(id_), "", [&](std::string_view key, std::string_view value) {
    const absl::StatusOr<Revision> revision = DecodeRevision(value);
    damage = revision.status();
    if (revision.ok()) {
      erased.emplace_back(key);
      erased.push_back(ChangeKey(revision->offset));
    }
    return revision.ok();
  }));
  KAWAT_RETURN_IF_ERROR(damage);
  for (const std::string& key : erased) {
    state_.Delete(key);
  }
  if (head_.position != 0) {
    state_.Delete(PositionKey(head_.position));
  }
  if (head_.membership.number > 0) {
    state_.Delete(ClusterPrefix(head_.membership.cluster_id) + id_);
  }
  head_ = Head{.taken_down = true};
  state_.Put(ChangeKey(in_.offset), Encode(Change{.article_id = id_}));
  return Save();
}

// Sources come in the order of their one partition, so the last one holds.
absl::Status ApplySource(const bus::Record& in, state::Txn& state) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<KnownSource> known, ReadSource(state, in.key));
  std::optional<article::Source> source;
  if (in.value.has_value()) {
    KAWAT_ASSIGN_OR_RETURN(source, article::DecodeSource(*in.value));
    if (source->id != in.key) {
      return absl::InvalidArgumentError(absl::StrCat("the key is ", in.key, ", its source is ", source->id));
    }
  }
  const bool lives = known.has_value() && !known->removed;
  KAWAT_ASSIGN_OR_RETURN(Totals totals, ReadTotals(state));
  totals.sources += (source.has_value() ? 1 : 0) - (lives ? 1 : 0);
  state.Put(kTotals, Encode(totals));
  if (source.has_value()) {
    if (known.has_value()) {
      state.Delete(GroupKey(known->source.group, in.key));
      state.Delete(RemovedSourceKey(in.key));
    }
    state.Put(SourceKey(in.key), *in.value);
    state.Put(GroupKey(source->group, in.key), "");
  } else if (lives) {
    state.Put(RemovedSourceKey(in.key), article::Encode(known->source));
    state.Delete(SourceKey(in.key));
  }
  return absl::OkStatus();
}

absl::Status ApplyArticleEvent(const bus::Record& in, state::Txn& state) {
  KAWAT_ASSIGN_OR_RETURN(Totals totals, ReadTotals(state));
  totals.last_offset = in.offset;
  state.Put(kTotals, Encode(totals));
  if (!in.value.has_value()) {
    return absl::OkStatus();  // the erasure of a taken-down article's revision, of which its t/ event told before
  }
  KAWAT_ASSIGN_OR_RETURN(const article::ArticleEvent event, article::DecodeArticleEvent(*in.value));
  Applier applier(in, event, state);
  return std::visit([&](const auto& fact) { return applier.Apply(fact); }, event.fact);
}

}  // namespace

absl::Status StoreStage::Apply(const bus::Record& in, state::Txn& state, pipeline::Outbox& /*out*/) {
  return in.topic == bus::kSources ? ApplySource(in, state) : ApplyArticleEvent(in, state);
}

}  // namespace kawat::store
