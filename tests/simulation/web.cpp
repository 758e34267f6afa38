#include "tests/simulation/web.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/hash.h"
#include "tests/simulation/web_content.h"
#include "url/url.h"

namespace kawat::simulation {
namespace {

constexpr absl::Duration kDelay = absl::Milliseconds(250);

std::string EtagOf(std::string_view body) { return absl::StrCat("\"", base::XxHash64(body), "\""); }

fetch::HttpAnswer Content(std::string_view type, std::string body, const fetch::HttpRequest& request) {
  const std::string etag = EtagOf(body);
  if (request.if_none_match == etag) {
    return {.status = 304};
  }
  return {.status = 200, .headers = {{"content-type", std::string(type)}, {"etag", etag}}, .body = std::move(body)};
}

}  // namespace

class Web::Client final : public fetch::HttpClient {
 public:
  explicit Client(Web& web) : web_(web) {}
  ~Client() override { web_.Cut(this); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void Start(fetch::HttpRequest request, Done done) override { web_.Begin(this, std::move(request), std::move(done)); }

 private:
  Web& web_;
};

Web::Web(std::uint64_t seed, Size size, support::FakeClock& clock)
    : clock_(clock),
      random_(seed ^ 0x3eb2U),
      hosts_(MakeHosts(seed, size, clock.Now(), kDelay)),
      last_change_(clock.Now()) {
  for (const Host& host : hosts_) {
    for (const Article& article : host.articles) {
      by_url_[article.url] = &article;
      last_change_ = std::max(last_change_, article.revisions.back().at);
    }
  }
}

absl::Duration Web::delay() const { return kDelay; }

std::unique_ptr<fetch::HttpClient> Web::NewClient() { return std::make_unique<Client>(*this); }

const Article* Web::Find(std::string_view url) const {
  const auto found = by_url_.find(url);
  return found == by_url_.end() ? nullptr : found->second;
}

void Web::Begin(Client* client, fetch::HttpRequest request, fetch::HttpClient::Done done) {
  const auto url = url::Url::Parse(request.url);
  KAWAT_CHECK(url.ok(), "fetch asks for what is no URL");
  asked_.push_back({.host = url->host_and_port(), .url = request.url, .start = clock_.Now()});
  const Trouble* trouble = TroubleOf(asked_.back().host);
  const bool late = trouble != nullptr && trouble->kind == Trouble::Kind::kTimeouts;
  const absl::Time end =
      clock_.Now() + (late ? absl::Seconds(5) : random_.Between(absl::Milliseconds(5), absl::Milliseconds(300)));
  on_their_way_.emplace(
      end,
      Pending{.client = client, .asked = asked_.size() - 1, .request = std::move(request), .done = std::move(done)});
}

void Web::Cut(const Client* client) {
  for (auto it = on_their_way_.begin(); it != on_their_way_.end();) {
    if (it->second.client == client) {
      asked_[it->second.asked].end = clock_.Now();
      it = on_their_way_.erase(it);
    } else {
      ++it;
    }
  }
}

absl::Time Web::NextAnswer() const {
  return on_their_way_.empty() ? absl::InfiniteFuture() : on_their_way_.begin()->first;
}

bool Web::Deliver() {
  bool any = false;
  while (!on_their_way_.empty() && on_their_way_.begin()->first <= clock_.Now()) {
    Pending pending = std::move(on_their_way_.begin()->second);
    on_their_way_.erase(on_their_way_.begin());
    Asked& asked = asked_[pending.asked];
    asked.end = clock_.Now();
    fetch::HttpAnswer answer = Answer(pending.request, asked.host);
    asked.status = answer.status;
    if (told_) {
      told_(asked);
    }
    pending.done(std::move(answer));
    any = true;
  }
  return any;
}

const Trouble* Web::TroubleOf(const std::string& host) const {
  for (const Trouble& trouble : troubles_) {
    if (trouble.host == host && trouble.from <= clock_.Now() && clock_.Now() < trouble.to) {
      return &trouble;
    }
  }
  return nullptr;
}

bool Web::MayFail(const std::string& url) { return url.ends_with("/feed") || failed_.insert(url).second; }

fetch::HttpAnswer Web::Answer(const fetch::HttpRequest& request, const std::string& host) {
  const auto at = std::find_if(hosts_.begin(), hosts_.end(), [&](const Host& each) { return each.name == host; });
  if (at == hosts_.end()) {
    return {.reason = article::Reason::kDns, .detail = "no such host"};
  }
  const bool is_feed = request.url.ends_with("/feed");
  if (const Trouble* trouble = TroubleOf(host); trouble != nullptr) {
    if (trouble->kind == Trouble::Kind::kLies) {
      if (is_feed) {
        return random_.Chance(50) ? fetch::HttpAnswer{.status = 304}
                                  : fetch::HttpAnswer{.status = 200,
                                                      .headers = {{"content-encoding", "gzip"}},
                                                      .body = "this is not what gzip writes"};
      }
    } else if (MayFail(request.url)) {
      return trouble->kind == Trouble::Kind::kTimeouts
                 ? fetch::HttpAnswer{.reason = article::Reason::kTimeout, .detail = "no answer"}
                 : fetch::HttpAnswer{.status = random_.Chance(50) ? 500 : 503, .headers = {{"retry-after", "2"}}};
    }
  }
  if (request.url.ends_with("/robots.txt")) {
    return {.status = 200, .headers = {{"content-type", "text/plain"}}, .body = "User-agent: *\nDisallow: /private/\n"};
  }
  if (is_feed) {
    return Content("application/atom+xml", FeedOf(*at, clock_.Now()), request);
  }
  const Article* article = Find(request.url);
  const Revision* revision = article == nullptr ? nullptr : At(*article, clock_.Now());
  if (revision == nullptr || article->kind == Article::Kind::kGone) {
    return {.status = 404};
  }
  if (article->kind == Article::Kind::kMoved) {
    return {.status = 301, .headers = {{"location", article->target}}};
  }
  return Content("text/html; charset=utf-8", PageOf(*article, *revision), request);
}

}  // namespace kawat::simulation
