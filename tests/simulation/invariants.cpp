#include "tests/simulation/invariants.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "article/codec.h"
#include "bus/topics.h"
#include "pipeline/dead_letter.h"
#include "services/fetch/frontier_state.h"
#include "services/store/shard_state.h"
#include "tests/simulation/calm.h"
#include "tests/simulation/web_content.h"
#include "url/url.h"

namespace kawat::simulation {
namespace {

using article::OutcomeKind;
using Complaints = std::vector<std::string>;

const Process* Find(const World& world, Service service, int number) {
  for (const auto& process : world.processes()) {
    if (process->service() == service && process->number() == number) {
      return process.get();
    }
  }
  return nullptr;
}

bool IsTakenDown(const World& world, const std::string& id) {
  return std::find(world.taken_down().begin(), world.taken_down().end(), id) != world.taken_down().end();
}

// The newest revision that the stores have; nullopt: none.
std::optional<article::Article> Stored(const World& world, const std::string& id) {
  const Process* store = Find(world, Service::kStore, bus::PartitionOf(id, kPartitions));
  const auto newest = store::ReadNewest(store->state(), id);
  return newest.ok() ? *newest : std::nullopt;
}

std::optional<fetch::UrlState> StateOf(const World& world, const std::string& url) {
  const auto parsed = url::Url::Parse(url);
  const std::string host = parsed->host_and_port();
  const Process* fetch = Find(world, Service::kFetch, bus::PartitionOf(host, kPartitions));
  const auto state = fetch::ReadUrlState(fetch->state(), host, url);
  return state.ok() ? *state : std::nullopt;
}

void CheckPolite(const World& world, Complaints& complaints) {
  std::map<std::string, const Asked*> last;
  for (const Asked& asked : world.web().asked()) {
    const Asked*& before = last[asked.host];
    if (before != nullptr && asked.start < before->end + world.web().delay()) {
      complaints.push_back(absl::StrCat("not polite: ", asked.url, " is asked ",
                                        absl::FormatDuration(asked.start - before->end), " after the end of ",
                                        before->url));
    }
    before = &asked;
    const Article* article = world.web().Find(asked.url);
    if (article != nullptr && article->kind == Article::Kind::kForbidden) {
      complaints.push_back(absl::StrCat("not polite: robots.txt forbids ", asked.url));
    }
  }
}

void CheckDrained(const World& world, Complaints& complaints) {
  for (const auto& process : world.processes()) {
    for (const bus::TopicPartition& input : process->inputs()) {
      const auto next = NextOffset(process->state(), input);
      const auto range = world.log().Range(input);
      if (!next.has_value() || *next < LastOffset(world.log(), input)) {
        complaints.push_back(absl::StrCat("not drained: ", process->name(), " is at ", next.value_or(-1), " of ",
                                          input.topic, "/", input.partition, ", which ends at ", range->end));
      }
    }
  }
  for (const Host& host : world.web().hosts()) {
    for (const Article& article : host.articles) {
      const std::string id = article::ArticleId(article.url);
      const auto stored = Stored(world, id);
      const bool wanted = article.kind == Article::Kind::kPage && !IsTakenDown(world, id);
      if (!wanted && stored.has_value()) {
        complaints.push_back(absl::StrCat("not drained: ", article.url, " is in the store, and should not be"));
      } else if (wanted && (!stored.has_value() || stored->body != article.revisions.back().body ||
                            stored->title != article.revisions.back().title)) {
        complaints.push_back(
            absl::StrCat("not drained: ", article.url,
                         stored.has_value() ? " is in the store with other content" : " is not in the store"));
      }
    }
  }
}

void CheckStates(const World& world, Complaints& complaints) {
  for (const Host& host : world.web().hosts()) {
    for (const Article& article : host.articles) {
      const auto state = StateOf(world, article.url);
      const auto says = [&](bool right, std::string_view what) {
        if (!right) {
          complaints.push_back(
              absl::StrCat("one outcome: of ", article.url, " the frontier says ",
                           state.has_value() ? std::string(article::Name(state->outcome)) : "nothing",
                           state.has_value() && state->awaiting ? ", awaiting another" : "",
                           state.has_value() && state->due.has_value() ? ", due" : "",
                           state.has_value() && !state->detail.empty() ? absl::StrCat(" (", state->detail, ")") : "",
                           ", not ", std::string(what)));
        }
      };
      switch (article.kind) {
        case Article::Kind::kPage:
          says(state.has_value() && !state->awaiting &&
                   (state->outcome == OutcomeKind::kArticle || state->outcome == OutcomeKind::kNotModified),
               "article");
          break;
        case Article::Kind::kMoved:
          says(state.has_value() && state->outcome == OutcomeKind::kMoved && state->moved_to == article.target,
               "moved");
          break;
        case Article::Kind::kGone:
          says(state.has_value() && state->outcome == OutcomeKind::kFailure &&
                   state->reason == article::Reason::kNotFound,
               "not found");
          break;
        case Article::Kind::kForbidden:
          says(state.has_value() && state->outcome == OutcomeKind::kDisallowed, "disallowed");
          break;
      }
    }
  }
}

void CheckOneOutcome(const World& world, Complaints& complaints) {
  std::map<std::pair<std::string, std::int64_t>, std::optional<article::PageOutcome>> pages;  // by URL and seq
  for (const bus::Record& record : world.History(bus::kPages)) {
    const auto page = article::DecodePage(*record.value);
    pages[{page->url, page->seq}] = std::nullopt;
  }
  for (const bus::Record& record : world.History(bus::kLinks)) {
    const auto link = article::DecodeLinkRecord(record.value.value_or(""));
    const auto* outcome = link.ok() ? std::get_if<article::PageOutcome>(&*link) : nullptr;
    if (outcome == nullptr) {
      continue;
    }
    const auto page = pages.find({outcome->url, outcome->seq});
    if (page == pages.end()) {
      complaints.push_back(absl::StrCat("one outcome: ", outcome->url, " has one of a page that is not there"));
    } else if (page->second.has_value() && *page->second != *outcome) {
      complaints.push_back(absl::StrCat("one outcome: a page of ", outcome->url, " has two"));
    } else {
      page->second = *outcome;
    }
  }
  for (const auto& [page, outcome] : pages) {
    if (!outcome.has_value()) {
      complaints.push_back(absl::StrCat("one outcome: a page of ", page.first, " has none"));
    }
  }
}

// What the observations of each article, in the order of the log, must have become.
void CheckRevisions(const World& world, Complaints& complaints) {
  struct Observed {
    std::int64_t seq = 0;
    std::vector<const Revision*> revisions;
  };
  std::map<std::string, Observed> observed;  // by article
  for (const bus::Record& record : world.History(bus::kPages)) {
    const auto page = article::DecodePage(*record.value);
    const Article* article = world.web().Find(page->url);
    if (article == nullptr) {
      continue;
    }
    Observed& of = observed[article::ArticleId(page->url)];
    if (page->seq <= of.seq) {
      continue;
    }
    of.seq = page->seq;
    for (const Revision& revision : article->revisions) {
      if (PageOf(*article, revision) == page->body) {
        const Revision* last = of.revisions.empty() ? nullptr : of.revisions.back();
        if (last == nullptr || last->title != revision.title || last->body != revision.body) {
          of.revisions.push_back(&revision);
        }
        break;
      }
    }
  }
  std::map<std::string, std::map<int, article::Article>> told;
  for (const auto& [key, record] : world.log().NewestByKey(bus::kArticles)) {
    if (record.value.has_value()) {
      const auto event = article::DecodeArticleEvent(*record.value);
      if (const auto* article = std::get_if<article::Article>(&event->fact)) {
        told[article->id][article->revision] = *article;
      }
    }
  }
  for (const auto& [id, of] : observed) {
    if (IsTakenDown(world, id)) {
      if (!told[id].empty()) {
        complaints.push_back(absl::StrCat("one revision: ", id, " was taken down, and is told"));
      }
      continue;
    }
    bool equal = told[id].size() == of.revisions.size();
    for (const auto& [number, article] : told[id]) {
      equal = equal && number == static_cast<int>(number) && number >= 1 &&
              number <= static_cast<int>(of.revisions.size()) &&
              article.title == of.revisions[static_cast<std::size_t>(number - 1)]->title &&
              article.body == of.revisions[static_cast<std::size_t>(number - 1)]->body;
    }
    if (!equal) {
      complaints.push_back(absl::StrCat("one revision: ", id, " was seen with ", of.revisions.size(),
                                        " contents one after another, and has ", told[id].size(),
                                        " revisions, or others"));
    }
  }
}

// What parse makes of a partition's pages reaches a partition in their order, repeats apart.
void CheckOrder(const World& world, Complaints& complaints) {
  for (const std::string_view topic : {bus::kParsed, bus::kLinks}) {
    std::map<std::pair<std::int32_t, std::int32_t>, std::pair<std::int64_t, std::int32_t>> newest;  // by from and to
    std::set<bus::Origin> seen;
    for (const bus::Record& record : world.History(topic)) {
      if (record.origin.topic != bus::kPages) {
        continue;
      }
      const std::pair place{record.origin.offset, record.origin.index};
      const auto at = newest.try_emplace({record.origin.partition, record.partition}, place).first;
      if (seen.insert(record.origin).second && place < at->second) {
        complaints.push_back(
            absl::StrCat("in order: ", bus::FormatOrigin(record.origin), " comes first after a later one"));
      }
      at->second = std::max(at->second, place);
    }
  }
}

void CheckDeadLetters(const World& world, Complaints& complaints) {
  for (const bus::Record& record : world.History(bus::kDeadLetters)) {
    const auto refused = pipeline::DecodeDeadLetter(record.value.value_or(""));
    if (!refused.ok() || refused->reason != article::Reason::kBadEncoding) {
      complaints.push_back(absl::StrCat("dead letters: ", record.key, " ",
                                        refused.ok() ? refused->detail : refused.status().ToString()));
    }
  }
}

void CheckCalm(const World& world, Complaints& complaints) {
  const auto compare = [&](const std::string& of, const Lines& is, const Lines& should) {
    if (is != should) {
      complaints.push_back(absl::StrCat("equal to calm: ", of, ": ", FirstDifference(is, should)));
    }
  };
  const CalmDedupe dedupe = RunCalmDedupe(world.History(bus::kParsed), world.dedupe_adopted());
  compare("what dedupe told", FactsOf(world.log()), dedupe.facts);
  compare("dedupe's state",
          LinesOf(Service::kDedupe, Find(world, Service::kDedupe, 0)->state(), world.dedupe_adopted()), dedupe.state);
  for (int i = 0; i < kPartitions; ++i) {
    const Process* store = Find(world, Service::kStore, i);
    compare(store->name(), LinesOf(Service::kStore, store->state()), RunCalmStore(world.log(), i));
    compare(absl::StrCat(store->name(), "'s index"), LinesOf(store->index()), IndexLinesOf(store->state()));
    const Process* fetch = Find(world, Service::kFetch, i);
    compare(fetch->name(), LinesOf(Service::kFetch, fetch->state()), RunCalmFetch(fetch->journal(), i));
  }
}

}  // namespace

bool IsDrained(const World& world) {
  Complaints complaints;
  CheckDrained(world, complaints);
  CheckStates(world, complaints);
  return complaints.empty();
}

std::vector<std::string> Violations(const World& world) {
  Complaints complaints;
  CheckDrained(world, complaints);
  CheckPolite(world, complaints);
  CheckStates(world, complaints);
  CheckOneOutcome(world, complaints);
  CheckRevisions(world, complaints);
  CheckOrder(world, complaints);
  CheckDeadLetters(world, complaints);
  CheckCalm(world, complaints);
  return complaints;
}

}  // namespace kawat::simulation
