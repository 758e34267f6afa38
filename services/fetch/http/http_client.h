// The web as a port: one request, one answer. Politeness is the caller's; nothing is followed, retried or decompressed
// here.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "article/reason.h"

namespace kawat::fetch {

struct HttpRequest {
  std::string url;                             // http or https, absolute
  std::string if_none_match;                   // empty: not sent
  std::string if_modified_since;               // empty: not sent
  absl::Duration timeout = absl::Seconds(20);  // for everything, from the name to the last byte
  std::size_t max_body_bytes = 5 << 20;
  bool cut_at_limit = false;  // a longer body is cut, instead of failing as kTooLarge
  bool accept_gzip = true;
};

struct HttpAnswer {
  article::Reason reason =
      article::Reason::kNone;  // kNone: the answer came whole; else status, headers and body are void
  std::string detail;          // a sentence, with a reason
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // lower-case names
  std::string body;                                          // as received, still compressed

  // The first header of that lower-case name, or "".
  std::string_view Header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) {
        return value;
      }
    }
    return {};
  }
};

// Threads:  any.
// Errors:   in HttpAnswer::reason: kDns, kConnect, kTls, kTimeout, kTooLarge, kBlockedAddress, kBadResponse, kBadUrl.
// Adapters: curl (curl_client.h), FakeWeb (tests/support).
class HttpClient {
 public:
  using Done = std::function<void(HttpAnswer)>;

  virtual ~HttpClient() = default;  // ends what is on its way; `done` of those is not called

  // Returns at once. `done` is called once, on a thread of the client's, when the last byte was received or the request
  // failed; it must not block, and may call Start.
  virtual void Start(HttpRequest request, Done done) = 0;
};

}  // namespace kawat::fetch
