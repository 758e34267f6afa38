#include "services/store/library.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/store/shard_merge.h"
#include "services/store/shard_state.h"
#include "services/store/snippet.h"
#include "services/store/tokens.h"

namespace kawat::store {
namespace {

constexpr absl::Duration kDefaultReach =
    absl::Hours(24 * 365);  // by observed time, of a search without after: and before:

void Restrict(const Filter& filter, Query& query) {
  const auto require = [&](Term::Kind kind, const std::string& value) {
    if (!value.empty()) {
      query.clauses.push_back({.any_of = {{.kind = kind, .text = value}}});
    }
  };
  require(Term::Kind::kSource, filter.source_id);
  require(Term::Kind::kGroup, filter.source_group);
  require(Term::Kind::kLanguage, PrimaryLanguage(filter.language));
  if (filter.after.has_value()) {
    query.after = std::max(query.after.value_or(*filter.after), *filter.after);
  }
  if (filter.before.has_value()) {
    query.before = std::min(query.before.value_or(*filter.before), *filter.before);
  }
}

// What a page token belongs to.
std::string Mark(std::string_view text, const Filter& filter) {
  const auto time = [](const std::optional<absl::Time>& value) {
    return value.has_value() ? absl::ToUnixMicros(*value) : -1;
  };
  return absl::StrCat(std::string(text), "\n", filter.source_id, "\n", filter.source_group, "\n", filter.language, "\n",
                      time(filter.after), "\n", time(filter.before));
}

absl::StatusOr<std::size_t> PageSize(int asked) {
  if (asked < 0 || asked > kMaxPageSize) {
    return absl::InvalidArgumentError(absl::StrCat("page_size: ", asked, "; the limit is ", kMaxPageSize));
  }
  return static_cast<std::size_t>(asked == 0 ? kDefaultPageSize : asked);
}

std::vector<std::string> PhrasesOf(const Query& query) {
  std::vector<std::string> phrases;
  for (const Clause& clause : query.clauses) {
    for (const Term& term : clause.any_of) {
      if (!clause.excluded && term.kind == Term::Kind::kText) {
        phrases.push_back(term.text);
      }
    }
  }
  return phrases;
}

std::vector<std::string> IdsOf(const std::deque<MergedHit>& hits) {
  std::vector<std::string> ids;
  ids.reserve(hits.size());
  for (const MergedHit& hit : hits) {
    ids.push_back(hit.hit.article_id);
  }
  return ids;
}

}  // namespace

// A page to be made.
struct Library::Plan {
  IndexQuery query;
  std::string mark;
  bool with_snippets = false;
  std::vector<std::string> phrases;
};

absl::StatusOr<std::vector<IndexTerm>> Library::ResolveTerm(const Term& term) const {
  switch (term.kind) {
    case Term::Kind::kText:
      return std::vector<IndexTerm>{{.kind = IndexTerm::Kind::kText, .text = term.text}};
    case Term::Kind::kSource:
      return std::vector<IndexTerm>{{.kind = IndexTerm::Kind::kSource, .text = term.text}};
    case Term::Kind::kLanguage:
      return std::vector<IndexTerm>{{.kind = IndexTerm::Kind::kLanguage, .text = term.text}};
    case Term::Kind::kSite:
      return std::vector<IndexTerm>{{.kind = IndexTerm::Kind::kSite, .text = term.text}};
    case Term::Kind::kGroup:
      break;
  }
  KAWAT_ASSIGN_OR_RETURN(const std::vector<std::string> ids, ReadGroup(sources_, term.text));
  std::vector<IndexTerm> sources;
  sources.reserve(ids.size());
  for (const std::string& id : ids) {
    sources.push_back({.kind = IndexTerm::Kind::kSource, .text = id});
  }
  return sources;
}

absl::StatusOr<IndexQuery> Library::Resolve(const Query& query) const {
  IndexQuery resolved;
  for (const Clause& clause : query.clauses) {
    std::vector<IndexTerm> terms;
    for (const Term& term : clause.any_of) {
      KAWAT_ASSIGN_OR_RETURN(const std::vector<IndexTerm> more, ResolveTerm(term));
      terms.insert(terms.end(), more.begin(), more.end());
    }
    (clause.excluded ? resolved.none_of : resolved.all_of).push_back(std::move(terms));
  }
  if (query.after.has_value()) {
    resolved.from = FirstPositionAt(*query.after);
  }
  if (query.before.has_value()) {
    resolved.before = FirstPositionAt(*query.before);
  }
  return resolved;
}

absl::StatusOr<Page> Library::Run(const Plan& plan, const PageRequest& request, const Patience& patience) const {
  KAWAT_ASSIGN_OR_RETURN(const std::size_t size, PageSize(request.size));
  std::vector<Position> places(static_cast<std::size_t>(shards_), plan.query.before);  // where the next page begins
  if (!request.token.empty()) {
    KAWAT_ASSIGN_OR_RETURN(places, DecodeToken("page_token", request.token, plan.mark, places.size()));
  }
  ShardMerge merge(nodes_, plan.query, places);
  std::deque<MergedHit> ahead;
  Page page;
  std::size_t bytes = 0;
  while (page.articles.size() < size && bytes < kMaxPageBytes) {
    if (ahead.empty()) {
      KAWAT_ASSIGN_OR_RETURN(ahead, merge.Next(size - page.articles.size(), patience));
    }
    if (ahead.empty()) {
      return page;
    }
    KAWAT_ASSIGN_OR_RETURN(auto articles, Read(IdsOf(ahead), /*with_bodies=*/true, patience));
    for (std::size_t i = 0; i < articles.size() && bytes < kMaxPageBytes; ++i) {
      places[static_cast<std::size_t>(ahead.front().shard)] = ahead.front().hit.position;
      ahead.pop_front();
      if (!articles[i].has_value()) {
        continue;  // taken down, and the index does not know it yet
      }
      KAWAT_ASSIGN_OR_RETURN(FoundArticle found, Join(*std::move(articles[i])));
      if (plan.with_snippets) {
        found.snippet = Snippet(found.article.body, plan.phrases);
      }
      bytes += BytesOf(found);
      page.articles.push_back(std::move(found));
    }
  }
  bool more = !ahead.empty();
  if (!more) {
    KAWAT_ASSIGN_OR_RETURN(more, merge.HasMore(patience));
  }
  if (more) {
    page.next_page_token = EncodeToken(plan.mark, places);
  }
  return page;
}

absl::StatusOr<Page> Library::List(const Filter& filter, const PageRequest& request, const Patience& patience) const {
  Query query;
  Restrict(filter, query);
  Plan plan{.mark = Mark("list", filter)};
  KAWAT_ASSIGN_OR_RETURN(plan.query, Resolve(query));
  return Run(plan, request, patience);
}

absl::StatusOr<Page> Library::Search(const std::string& text, const Filter& filter, const PageRequest& request,
                                     const Patience& patience) const {
  KAWAT_ASSIGN_OR_RETURN(Query query, ParseQuery(text));
  if (!query.runs) {
    return Page{.hint = std::move(query.hint)};
  }
  Plan plan{.mark = Mark(absl::StrCat("search\n", text), filter), .with_snippets = true, .phrases = PhrasesOf(query)};
  Restrict(filter, query);
  KAWAT_ASSIGN_OR_RETURN(plan.query, Resolve(query));
  if (!query.after.has_value() && !query.before.has_value()) {
    plan.query.observed_from = clock_.Now() - kDefaultReach;
  }
  KAWAT_ASSIGN_OR_RETURN(Page page, Run(plan, request, patience));
  page.hint = std::move(query.hint);
  return page;
}

bool Library::Matches(const Filter& filter, const FoundArticle& found) {
  const absl::Time time = article::SortTime(found.article);
  return (filter.source_id.empty() || filter.source_id == found.article.source_id) &&
         (filter.source_group.empty() || FoldGroup(filter.source_group) == FoldGroup(found.source_group)) &&
         (filter.language.empty() || PrimaryLanguage(filter.language) == PrimaryLanguage(found.article.language)) &&
         time >= filter.after.value_or(absl::InfinitePast()) && time < filter.before.value_or(absl::InfiniteFuture());
}

}  // namespace kawat::store
