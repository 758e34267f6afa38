#include "services/fetch/http/curl_transfer.h"

#include <sys/socket.h>

#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace kawat::fetch {
namespace {

using article::Reason;

constexpr std::size_t kMaxHeaderBytes = 64 << 10;  // of one answer
constexpr long kIdleConnectionSeconds = 30;        // kept no longer than servers commonly keep theirs

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
    transfer.head_too_large = true;
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

void AddHeader(Transfer& transfer, const std::string& line) {
  curl_slist* const longer = curl_slist_append(transfer.headers.get(), line.c_str());
  KAWAT_CHECK(longer != nullptr, "curl_slist_append");
  static_cast<void>(transfer.headers.release());  // NOLINT(bugprone-unused-return-value): it is part of `longer`
  transfer.headers.reset(longer);
}

}  // namespace

void Fail(HttpAnswer& answer, Reason reason, std::string detail) {
  answer = HttpAnswer{.reason = reason, .detail = std::move(detail)};
}

void Configure(Transfer& transfer, const std::string& url, const std::string& user_agent) {
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
  curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent.c_str());
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

void Conclude(Transfer& transfer, CURLcode code) {
  HttpAnswer& answer = transfer.answer;
  long status = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  if (transfer.blocked) {
    Fail(answer, Reason::kBlockedAddress, "its address is not public and in none of allow_networks");
  } else if (transfer.head_too_large) {
    Fail(answer, Reason::kTooLarge, absl::StrCat("headers longer than ", kMaxHeaderBytes, " bytes"));
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

}  // namespace kawat::fetch
