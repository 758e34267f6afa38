// A web in memory behind fetch's HttpClient, on a clock that moves only when told to.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "services/fetch/http/http_client.h"
#include "tests/support/fake_clock.h"

namespace kawat::support {

// Threads: one.
class FakeWeb final : public fetch::HttpClient {
 public:
  using Page = std::function<fetch::HttpAnswer(const fetch::HttpRequest&)>;
  struct Asked {
    fetch::HttpRequest request;
    absl::Time start;
    absl::Time end = absl::InfiniteFuture();  // InfiniteFuture: on its way
  };

  explicit FakeWeb(FakeClock& clock) : clock_(clock) {}

  // What is not served is answered 404.
  void Serve(const std::string& url, Page page) { pages_[url] = std::move(page); }
  void Serve(const std::string& url, fetch::HttpAnswer answer) {
    Serve(url, [answer = std::move(answer)](const fetch::HttpRequest&) { return answer; });
  }
  void Serve(const std::string& url, std::string body, std::string etag = "") {
    Serve(url, [body = std::move(body), etag = std::move(etag)](const fetch::HttpRequest& request) {
      if (!etag.empty() && request.if_none_match == etag) {
        return fetch::HttpAnswer{.status = 304};
      }
      return fetch::HttpAnswer{.status = 200, .headers = {{"content-type", "text/html"}, {"etag", etag}}, .body = body};
    });
  }
  void SetLatency(absl::Duration latency) { latency_ = latency; }

  void Start(fetch::HttpRequest request, Done done) override {
    asked_.push_back({.request = request, .start = clock_.Now()});
    on_their_way_.push_back({.index = asked_.size() - 1, .done = std::move(done)});
  }

  // Ends the requests that have taken their time.
  void Deliver() {
    while (!on_their_way_.empty() && asked_[on_their_way_.front().index].start + latency_ <= clock_.Now()) {
      Pending pending = std::move(on_their_way_.front());
      on_their_way_.pop_front();
      Asked& asked = asked_[pending.index];
      asked.end = clock_.Now();
      const auto page = pages_.find(asked.request.url);
      pending.done(page == pages_.end() ? fetch::HttpAnswer{.status = 404} : page->second(asked.request));
    }
  }

  // The client dies with what is on its way.
  void DropAll() { on_their_way_.clear(); }

  const std::vector<Asked>& asked() const { return asked_; }
  int Count(const std::string& url) const {
    int count = 0;
    for (const Asked& asked : asked_) {
      count += asked.request.url == url ? 1 : 0;
    }
    return count;
  }

 private:
  struct Pending {
    std::size_t index = 0;
    Done done;
  };

  FakeClock& clock_;
  absl::Duration latency_ = absl::Milliseconds(20);
  std::map<std::string, Page> pages_;
  std::vector<Asked> asked_;
  std::deque<Pending> on_their_way_;
};

}  // namespace kawat::support
