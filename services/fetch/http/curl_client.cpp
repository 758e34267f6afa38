#include "services/fetch/http/curl_client.h"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <deque>
#include <thread>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/check.h"
#include "base/status.h"

namespace kawat::fetch {
namespace {

using article::Reason;

constexpr std::size_t kMaxHeaderBytes = 64 << 10;  // of one answer
constexpr long kIdleConnectionSeconds = 30;        // kept no longer than servers commonly keep theirs
constexpr long kMaxIdleConnections = 256;

template <auto kDestroy>
struct Deleter {
  template <class T>
  void operator()(T* handle) const noexcept {
    kDestroy(handle);
  }
};
using Easy = std::unique_ptr<CURL, Deleter<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Deleter<curl_multi_cleanup>>;
using List = std::unique_ptr<curl_slist, Deleter<curl_slist_free_all>>;

// One request on its way. Its address is curl's user pointer.
struct Transfer {
  HttpRequest request;
  HttpClient::Done done;
  const AddressPolicy* addresses = nullptr;
  HttpAnswer answer;
  std::size_t header_bytes = 0;
  bool blocked = false, cut = false, too_large = false, sent = false, sent_again = false;
  std::array<char, CURL_ERROR_SIZE> error{};
  List headers, connect_to;
  Easy easy;
};

curl_socket_t OpenSocket(void* user, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (!transfer.addresses->Allows(&address->addr)) {
    transfer.blocked = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// Called before each request is sent, on kept connections as well, for which OpenSocket is not.
int BeforeRequest(void* user, char* remote_ip, char* /*local_ip*/, int /*remote_port*/, int /*local_port*/) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (!transfer.addresses->Allows(std::string_view(remote_ip))) {
    transfer.blocked = true;
    return CURL_PREREQFUNC_ABORT;
  }
  if (transfer.sent) {
    transfer.sent_again = true;
    return CURL_PREREQFUNC_ABORT;
  }
  transfer.sent = true;
  return CURL_PREREQFUNC_OK;
}

std::string Strip(std::string_view text) {
  std::string stripped(text);
  absl::StripAsciiWhitespace(&stripped);
  return stripped;
}

std::size_t OnHeader(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t bytes = size * count;
  const std::string_view line(data, bytes);
  transfer.header_bytes += bytes;
  if (transfer.header_bytes > kMaxHeaderBytes) {
    transfer.too_large = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) {  // a head after a 1xx begins anew
    transfer.answer.headers.clear();
    return bytes;
  }
  if (const std::size_t colon = line.find(':'); colon != std::string_view::npos && colon > 0) {
    transfer.answer.headers.emplace_back(absl::AsciiStrToLower(std::string(line.substr(0, colon))),
                                         Strip(line.substr(colon + 1)));
  }
  return bytes;
}

std::size_t OnBody(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t bytes = size * count;
  const std::size_t room = transfer.request.max_body_bytes - transfer.answer.body.size();
  if (bytes <= room) {
    transfer.answer.body.append(data, bytes);
    return bytes;
  }
  if (transfer.request.cut_at_limit) {
    transfer.answer.body.append(data, room);
    transfer.cut = true;
  } else {
    transfer.too_large = true;
  }
  return 0;
}

Reason ReasonOf(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return Reason::kDns;
    case CURLE_COULDNT_CONNECT:
      return Reason::kConnect;
    case CURLE_OPERATION_TIMEDOUT:
      return Reason::kTimeout;
    case CURLE_URL_MALFORMAT:
      return Reason::kBadUrl;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CACERT_BADFILE:
      return Reason::kTls;
    default:
      return Reason::kBadResponse;
  }
}

void Fail(HttpAnswer& answer, Reason reason, std::string detail) {
  answer = HttpAnswer{.reason = reason, .detail = std::move(detail)};
}

void Conclude(Transfer& transfer, CURLcode code) {
  HttpAnswer& answer = transfer.answer;
  long status = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  if (transfer.blocked) {
    Fail(answer, Reason::kBlockedAddress, "the host's address is in no network that fetch may ask");
  } else if (transfer.too_large) {
    Fail(answer, Reason::kTooLarge, absl::StrCat("longer than ", transfer.request.max_body_bytes, " bytes"));
  } else if (transfer.sent_again) {
    Fail(answer, Reason::kBadResponse, "the server closed the connection without an answer");
  } else if (code != CURLE_OK && !transfer.cut) {
    Fail(answer, ReasonOf(code), transfer.error[0] != '\0' ? transfer.error.data() : curl_easy_strerror(code));
  } else if (status < 200) {
    Fail(answer, Reason::kBadResponse, "not an HTTP answer");
  }
}

// "https://host:8443/a" into "https://host:8443" and "/a".
std::pair<std::string_view, std::string_view> SplitOrigin(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t path = scheme == std::string_view::npos ? scheme : url.find_first_of("/?#", scheme + 3);
  return {url.substr(0, path), path == std::string_view::npos ? std::string_view() : url.substr(path)};
}

class CurlClient final : public HttpClient {
 public:
  CurlClient(CurlClientOptions options, Multi multi) : options_(std::move(options)), multi_(std::move(multi)) {
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS, 1L);
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
    Configure(*transfer, url);
    CURL* const easy = transfer->easy.get();
    running_.emplace(easy, std::move(transfer));
    KAWAT_CHECK(curl_multi_add_handle(multi_.get(), easy) == CURLM_OK, "curl_multi_add_handle");
  }

  void Configure(Transfer& transfer, const std::string& url) {
    CURL* const easy = transfer.easy.get();
    const HttpRequest& request = transfer.request;
    AddHeader(transfer, "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
    AddHeader(transfer, request.accept_gzip ? "Accept-Encoding: gzip" : "Accept-Encoding: identity");
    if (!request.if_none_match.empty()) {
      AddHeader(transfer, absl::StrCat("If-None-Match: ", request.if_none_match));
    }
    if (!request.if_modified_since.empty()) {
      AddHeader(transfer, absl::StrCat("If-Modified-Since: ", request.if_modified_since));
    }
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a slow DNS answer must not hold up the end
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, options_.user_agent.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, transfer.connect_to.get());
    curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, kIdleConnectionSeconds);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(absl::ToInt64Milliseconds(request.timeout)));
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.error.data());
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &OpenSocket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &BeforeRequest);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &OnHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &OnBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  }

  static void AddHeader(Transfer& transfer, const std::string& line) {
    curl_slist* const longer = curl_slist_append(transfer.headers.get(), line.c_str());
    KAWAT_CHECK(longer != nullptr, "curl_slist_append");
    static_cast<void>(transfer.headers.release());  // NOLINT(bugprone-unused-return-value): it is part of `longer`
    transfer.headers.reset(longer);
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
    const std::size_t colon = address.rfind(':');
    int port = 0;
    if (colon == std::string::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port) || port < 1 || port > 65535) {
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
