// A small news web on simulated time: a few hosts with a feed each, articles that appear and are revised, redirects to
// other hosts, pages that robots.txt forbids. It knows the truth, and what it was asked.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "article/source.h"
#include "services/fetch/http/http_client.h"
#include "tests/simulation/random.h"
#include "tests/support/fake_clock.h"

namespace kawat::simulation {

struct Revision {
  absl::Time at;
  std::string title;
  std::string body;  // paragraphs separated by '\n', as the article must have it
};

struct Article {
  enum class Kind { kPage, kMoved, kGone, kForbidden };
  std::string url;
  Kind kind = Kind::kPage;
  std::string target;               // kMoved: another host's page
  std::vector<Revision> revisions;  // kPage; else one, for its time
};

struct Host {
  std::string name;
  article::Source source;
  std::vector<Article> articles;
};

struct Asked {
  std::string host;
  std::string url;
  absl::Time start;
  absl::Time end = absl::InfiniteFuture();  // InfiniteFuture: on its way
  int status = 0;                           // 0: none came
};

// A time of trouble of one host.
struct Trouble {
  enum class Kind { kErrors, kTimeouts, kLies };
  Kind kind = Kind::kErrors;
  std::string host;
  absl::Time from, to;
};

class Web {
 public:
  struct Size {
    int hosts = 4;
    int articles = 50;
    int body_bytes = 2000;
  };
  Web(std::uint64_t seed, Size size, support::FakeClock& clock);

  // One process's way to it. Its end cuts what is on its way.
  std::unique_ptr<fetch::HttpClient> NewClient();

  // Answers the requests that have taken their time; true if there were any.
  bool Deliver();
  absl::Time NextAnswer() const;  // InfiniteFuture: none is on its way

  // Told of each answer.
  void OnAnswer(std::function<void(const Asked&)> told) { told_ = std::move(told); }
  void Add(const Trouble& trouble) { troubles_.push_back(trouble); }

  const std::vector<Host>& hosts() const { return hosts_; }
  const std::vector<Asked>& asked() const { return asked_; }
  absl::Time last_change() const { return last_change_; }
  absl::Duration delay() const;  // between requests to a host

  // The page that stands there at that time; null: none.
  const Article* Find(std::string_view url) const;

 private:
  class Client;
  struct Pending {
    Client* client = nullptr;
    std::size_t asked = 0;  // index
    fetch::HttpRequest request;
    fetch::HttpClient::Done done;
  };

  void Begin(Client* client, fetch::HttpRequest request, fetch::HttpClient::Done done);
  void Cut(const Client* client);
  fetch::HttpAnswer Answer(const fetch::HttpRequest& request, const std::string& host);
  const Trouble* TroubleOf(const std::string& host) const;
  // False: it has had its share, since what fails three times is given up.
  bool MayFail(const std::string& url);

  support::FakeClock& clock_;
  Random random_;
  std::vector<Host> hosts_;
  std::map<std::string, const Article*, std::less<>> by_url_;
  absl::Time last_change_;
  std::vector<Asked> asked_;
  std::multimap<absl::Time, Pending> on_their_way_;
  std::vector<Trouble> troubles_;
  std::set<std::string> failed_;
  std::function<void(const Asked&)> told_;
};

}  // namespace kawat::simulation
