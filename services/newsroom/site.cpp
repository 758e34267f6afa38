#include "services/newsroom/site.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/hash.h"
#include "services/newsroom/conditional.h"
#include "services/newsroom/markup.h"
#include "services/newsroom/outlets.h"
#include "services/newsroom/random.h"

namespace kawat::newsroom {
namespace {

constexpr std::size_t kMaxUnknown = 200;
constexpr std::size_t kFrontPageHeadlines = 40;

std::string WithoutQuery(const std::string& target) { return target.substr(0, target.find('?')); }

absl::Duration RevisionWait(const SiteOptions& options, int article, int revision) {
  Random random = Random::For(options.seed, "wait", static_cast<std::uint64_t>(article) * 16 + revision);
  return options.revision_after + absl::Milliseconds(random.Between(0, absl::ToInt64Milliseconds(kRevisionSpread)));
}

// A few answers take some milliseconds, so that a second connection to a host is seen.
absl::Duration Hesitation(const std::string& address) {
  const std::uint64_t hash = base::XxHash64(address);
  return hash % 8 == 0 ? absl::Milliseconds(3 + hash / 8 % 8) : absl::ZeroDuration();
}

}  // namespace

Site::Site(World world, SiteOptions options, base::Clock& clock)
    : world_(std::move(world)),
      options_(options),
      clock_(clock),
      resources_(world_.resources.size()),
      log_(options.delay) {
  for (int i = 0; i < static_cast<int>(world_.resources.size()); ++i) {
    const std::string host = HostOf(world_.resources[i].url);
    const std::string target = TargetOf(world_.resources[i].url);
    known_hosts_.insert(host);
    by_address_.emplace(absl::StrCat(host, target), i);
    const auto [at, fresh] = by_path_.emplace(absl::StrCat(host, WithoutQuery(target)), i);
    if (!fresh) {
      at->second = -1;
    }
  }
  const absl::MutexLock lock(&mutex_);
  for (int i = 0; i < static_cast<int>(world_.articles.size()); ++i) {
    ArticleState state;
    state.modified = world_.articles[i].published;
    state.wait = RevisionWait(options_, i, 0);
    articles_.push_back(state);
  }
}

int Site::Find(const std::string& host, const std::string& target) const {
  const auto exact = by_address_.find(absl::StrCat(host, target));
  if (exact != by_address_.end()) {
    return exact->second;
  }
  const auto path =
      by_path_.find(absl::StrCat(host, WithoutQuery(target)));  // a crawler drops or adds tracking parameters
  return path == by_path_.end() ? -1 : path->second;
}

bool Site::Online(const Resource& resource, absl::Time now) const {
  return resource.article < 0 || Published(world_.articles[resource.article], now);
}

void Site::Advance(int article, absl::Time now) {
  ArticleState& state = articles_[article];
  const int last = static_cast<int>(world_.articles[article].revisions.size()) - 1;
  if (state.online < last && now >= state.last_served + state.wait && state.last_served > absl::InfinitePast()) {
    state.modified = FloorToSecond(state.last_served + state.wait);
    ++state.online;
    state.last_served = absl::InfinitePast();
    state.wait = RevisionWait(options_, article, state.online);
  }
}

web::Response Site::Answer(const web::Request& request) {
  const absl::MutexLock lock(&mutex_);
  const absl::Time now = clock_.Now();  // under the lock: times in the log are in its order
  const std::string target = request.target.empty() ? "/" : request.target;
  const int index = Find(request.host, target);
  web::Response response;
  if (index >= 0 && Online(world_.resources[index], now)) {
    response = Serve(index, request, now);
  } else {
    response.status = 404;
    response.body = "Not here.\n";
    if (unknown_.size() < kMaxUnknown && known_hosts_.contains(request.host) && target != "/robots.txt") {
      ++unknown_[absl::StrCat("https://", request.host, target)];
    }
  }
  if (response.delay == absl::ZeroDuration() && !world_.pages) {
    response.delay = Hesitation(absl::StrCat(request.host, target));
  }
  if (known_hosts_.contains(request.host)) {
    log_.Record(request.host, now, response.delay);
  }
  return response;
}

web::Response Site::Serve(int index, const web::Request& request, absl::Time now) {
  const Resource& resource = world_.resources[index];
  ResourceState& state = resources_[index];
  ++state.requests;
  web::Response response;
  const bool fixed = resource.kind == Kind::kFixed || resource.kind == Kind::kRobots;
  if (fixed) {
    response.status = resource.reply.status;
    response.content_type = resource.reply.content_type;
    response.body = resource.reply.body;
    response.delay = resource.reply.delay;
    response.cut_connection = resource.reply.cut_connection;
    if (!resource.moved_to.empty()) {
      response.headers.emplace_back("Location", resource.moved_to);
    }
    if (resource.reply.content_encoding == "gzip" && world_.pages && !TakesGzip(request)) {
      response.body = Gunzip(response.body).value_or("");
    } else if (!resource.reply.content_encoding.empty()) {
      response.headers.emplace_back("Content-Encoding", resource.reply.content_encoding);
    }
    if (world_.pages && response.status == 200) {
      AddValidators(request, Validators::kEtag, options_.start, now, response);
    }
  } else {
    response = resource.kind == Kind::kArticle ? ServeArticle(resource, now) : ServeList(resource, now);
    const Outlet& outlet = world_.outlets[resource.outlet];
    const absl::Time changed =
        resource.kind == Kind::kArticle ? articles_[resource.article].modified : Changed(outlet, now);
    AddValidators(request, outlet.validators, changed, now, response);
    if (outlet.gzip && response.status == 200) {
      Compress(request, response);
    }
  }
  state.not_modified = state.not_modified || response.status == 304;
  if (resource.kind == Kind::kArticle && response.status == 200 && request.method == "GET") {
    ArticleState& article = articles_[resource.article];
    article.last_served = now;
    if (article.served.newest != article.online) {
      article.served.newest = article.online;
      ++article.served.revisions;
    }
  }
  return response;
}

web::Response Site::ServeArticle(const Resource& resource, absl::Time now) {
  Advance(resource.article, now);
  const Article& article = world_.articles[resource.article];
  const Outlet& outlet = world_.outlets[article.outlet];
  const ArticleState& state = articles_[resource.article];
  ArticlePage page{outlet, article, article.revisions[state.online], state.modified, {}};
  for (const int other : outlet.articles) {  // the two before it: the same on every visit
    if (other >= resource.article) {
      break;
    }
    page.related.push_back({world_.articles[other].entry_url, world_.articles[other].revisions[0].title});
    if (page.related.size() > 2) {
      page.related.erase(page.related.begin());
    }
  }
  web::Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = RenderArticle(page);
  return response;
}

web::Response Site::ServeList(const Resource& resource, absl::Time now) {
  const Outlet& outlet = world_.outlets[resource.outlet];
  web::Response response;
  if (resource.kind == Kind::kFeed) {
    response.content_type = std::string(FeedContentType(outlet));
    response.body = FeedText(outlet, Changed(outlet, now), now);
    return response;
  }
  response.content_type = "text/html; charset=utf-8";
  const bool front = resource.kind == Kind::kHomepage;
  const std::string heading = front ? "" : std::string(VocabularyOf(outlet.language).sections[resource.section]);
  response.body = RenderIndex(outlet, heading, Headlines(outlet, resource.section, now), Network(outlet));
  return response;
}

std::string Site::FeedText(const Outlet& outlet, absl::Time changed, absl::Time now) {
  std::vector<FeedEntry> entries;
  for (auto at = outlet.articles.rbegin(); at != outlet.articles.rend(); ++at) {
    const Article& article = world_.articles[*at];
    if (Published(article, now)) {
      const ArticleState& state = articles_[*at];
      const Content& content = article.revisions[state.online];
      entries.push_back({{article.entry_url, content.title},
                         content.paragraphs[0],
                         article.authors,
                         article.published,
                         state.modified});
    }
  }
  for (const Entry& extra : outlet.extra_entries) {
    entries.push_back({.link = extra, .has_times = false});
  }
  return RenderFeed(outlet, entries, changed);
}

std::vector<Entry> Site::Headlines(const Outlet& outlet, int section, absl::Time now) {
  std::vector<Entry> headlines;
  for (auto at = outlet.articles.rbegin(); at != outlet.articles.rend() && headlines.size() < kFrontPageHeadlines;
       ++at) {
    const Article& article = world_.articles[*at];
    if (Published(article, now) && (section < 0 || article.section == section)) {
      headlines.push_back({article.entry_url, article.revisions[articles_[*at].online].title});
    }
  }
  if (section < 0) {
    headlines.insert(headlines.end(), outlet.extra_links.begin(), outlet.extra_links.end());
  }
  return headlines;
}

std::vector<Entry> Site::Network(const Outlet& outlet) const {
  std::vector<Entry> network;
  for (const Outlet& other : world_.outlets) {
    if (other.id != outlet.id && !other.homepage_url.empty()) {
      network.push_back({other.homepage_url, other.name});
    }
  }
  return network;
}

absl::Time Site::Changed(const Outlet& outlet, absl::Time now) {
  absl::Time changed = options_.start;
  for (const int index : outlet.articles) {
    if (Published(world_.articles[index], now)) {
      Advance(index, now);
      changed = std::max({changed, options_.start + world_.articles[index].after_start, articles_[index].modified});
    }
  }
  return changed;
}

Counts Site::counts() {
  const absl::MutexLock lock(&mutex_);
  return CountsAt(clock_.Now());
}

Counts Site::CountsAt(absl::Time now) {
  Counts counts;
  counts.announced = static_cast<int>(world_.articles.size());
  for (int i = 0; i < counts.announced; ++i) {
    Advance(i, now);
    const ArticleState& state = articles_[i];
    counts.published += Published(world_.articles[i], now) ? 1 : 0;
    counts.served += state.served.revisions > 0 ? 1 : 0;
    counts.revisions_served += state.served.revisions;
    counts.revisions_pending += static_cast<int>(world_.articles[i].revisions.size()) - 1 - state.online;
    counts.revisions_unserved += state.served.revisions > 0 && state.served.newest < state.online ? 1 : 0;
  }
  for (const auto& [host, log] : log_.hosts()) {
    counts.requests += log.requests;
  }
  return counts;
}

}  // namespace kawat::newsroom
