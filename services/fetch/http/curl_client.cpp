#include "services/fetch/http/curl_client.h"

#include <curl/curl.h>

#include <deque>
#include <thread>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/check.h"
#include "services/fetch/http/curl_transfer.h"
#include "web/address.h"

namespace kawat::fetch {
namespace {

using article::Reason;

constexpr long kMaxIdleConnections = 256;

using Multi = std::unique_ptr<CURLM, Deleter<curl_multi_cleanup>>;

// "https://host:8443/a" into "https://host:8443" and "/a".
std::pair<std::string_view, std::string_view> SplitOrigin(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t path = scheme == std::string_view::npos ? scheme : url.find_first_of("/?#", scheme + 3);
  return {url.substr(0, path), path == std::string_view::npos ? std::string_view() : url.substr(path)};
}

class CurlClient final : public HttpClient {
 public:
  CurlClient(CurlClientOptions options, Multi multi) : options_(std::move(options)), multi_(std::move(multi)) {
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, kMaxIdleConnections);
    curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    thread_ = std::thread([this] { Loop(); });
  }

  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;
  ~CurlClient() override {
    {
      absl::MutexLock lock(&mutex_);
      stop_ = true;
    }
    curl_multi_wakeup(multi_.get());
    thread_.join();
    for (const auto& [easy, transfer] : running_) {
      curl_multi_remove_handle(multi_.get(), easy);
    }
    running_.clear();
  }

  void Start(HttpRequest request, Done done) override {
    auto transfer = std::make_unique<Transfer>();
    transfer->request = std::move(request);
    transfer->done = std::move(done);
    transfer->addresses = &options_.addresses;
    {
      absl::MutexLock lock(&mutex_);
      waiting_.push_back(std::move(transfer));
    }
    curl_multi_wakeup(multi_.get());
  }

 private:
  void Loop() {
    while (true) {
      std::deque<std::unique_ptr<Transfer>> fresh;
      {
        absl::MutexLock lock(&mutex_);
        if (stop_) {
          return;
        }
        fresh.swap(waiting_);
      }
      for (std::unique_ptr<Transfer>& transfer : fresh) {
        Begin(std::move(transfer));
      }
      int running = 0;
      KAWAT_CHECK(curl_multi_perform(multi_.get(), &running) == CURLM_OK, "curl_multi_perform");
      Collect();
      curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr);
    }
  }

  void Begin(std::unique_ptr<Transfer> transfer) {
    std::string url = transfer->request.url;
    if (!options_.resolve.empty()) {
      const auto [origin, rest] = SplitOrigin(url);
      const auto mapped = options_.resolve.find(std::string(origin));
      if (mapped == options_.resolve.end()) {
        Fail(transfer->answer, Reason::kDns, "[resolve] does not name the host");
        transfer->done(std::move(transfer->answer));
        return;
      }
      transfer->connect_to.reset(curl_slist_append(nullptr, absl::StrCat("::", mapped->second).c_str()));
      url = absl::StrCat("http", std::string(origin.substr(origin.find("://"))), std::string(rest));
    }
    transfer->easy.reset(curl_easy_init());
    KAWAT_CHECK(transfer->easy != nullptr, "curl_easy_init");
    Configure(*transfer, url, options_.user_agent);
    CURL* const easy = transfer->easy.get();
    running_.emplace(easy, std::move(transfer));
    KAWAT_CHECK(curl_multi_add_handle(multi_.get(), easy) == CURLM_OK, "curl_multi_add_handle");
  }

  void Collect() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) {
        continue;
      }
      const auto found = running_.find(message->easy_handle);
      const CURLcode code = message->data.result;
      std::unique_ptr<Transfer> transfer = std::move(found->second);
      running_.erase(found);
      Conclude(*transfer, code);
      curl_multi_remove_handle(multi_.get(), transfer->easy.get());
      transfer->done(std::move(transfer->answer));
    }
  }

  const CurlClientOptions options_;
  const Multi multi_;
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> running_;  // the thread's
  absl::Mutex mutex_;
  std::deque<std::unique_ptr<Transfer>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpClient>> NewCurlClient(CurlClientOptions options) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) {
    return absl::UnavailableError(absl::StrCat("curl does not start: ", curl_easy_strerror(started)));
  }
  for (const auto& [origin, address] : options.resolve) {
    const auto parsed = web::ParseAddress(address);
    if (!parsed.ok() || parsed->first.empty() || parsed->second == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("resolve.\"", origin, "\" must be an address such as 127.0.0.1:8080, not \"", address, "\""));
    }
  }
  Multi multi(curl_multi_init());
  if (multi == nullptr) {
    return absl::UnavailableError("curl_multi_init failed");
  }
  return std::make_unique<CurlClient>(std::move(options), std::move(multi));
}

}  // namespace kawat::fetch
