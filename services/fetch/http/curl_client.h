// HttpClient on libcurl's multi interface, in one thread of its own.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/fetch/http/address_policy.h"
#include "services/fetch/http/http_client.h"

namespace kawat::fetch {

struct CurlClientOptions {
  std::string user_agent;
  AddressPolicy addresses;
  // "https://host" or "http://host:8080" to "127.0.0.1:8081": plain HTTP is spoken to that address, with the host's own
  // Host header. When not empty, other hosts fail as kDns without a question. The address must be allowed, too.
  std::map<std::string, std::string> resolve;
};

// HTTP/1.1 with keep-alive, no proxy, no cookies, no redirects, no decompression; how many requests a host has at once
// is the caller's to bound. Each address is checked before it is connected to and again before a request is sent on a
// connection. A request is sent at most once: where curl would send it again because a kept connection turns out dead,
// it fails as kBadResponse instead, for a site must never be asked faster than its delay. Unavailable: curl or its
// thread cannot be started. InvalidArgument: `resolve` names something that is no address.
absl::StatusOr<std::unique_ptr<HttpClient>> NewCurlClient(CurlClientOptions options);

}  // namespace kawat::fetch
