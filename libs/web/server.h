// A small HTTP/1.1 server (Boost.Beast): metrics, probes, the portal, the newsroom. Not for the open internet: an
// ingress stands before it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace kawat::web {

struct Request {
  std::string method;  // "GET"
  std::string target;  // as sent: "/a?b=c"
  std::string path;    // percent-decoded, without the query
  std::string host;    // lower case, without the port
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // lower-case names

  std::string Header(std::string_view name) const;  // "" when absent
  std::string Query(std::string_view name) const;   // decoded; "" when absent
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  absl::Duration delay;         // wait before the first byte
  bool cut_connection = false;  // send the head and half of the body, then close (for bad neighbours)
};

struct ServerOptions {
  std::string address = "127.0.0.1:0";
  int threads = 1;
  std::size_t max_connections = 1024;    // a further one takes the place of the longest idle one, or waits
  std::size_t max_body_bytes = 1 << 20;  // 413 above
  std::size_t max_header_bytes = 16 << 10;
  absl::Duration read_timeout = absl::Seconds(5);   // for a whole request, drip-fed or not
  absl::Duration idle_timeout = absl::Seconds(60);  // between requests
};

// Called on a server thread; must not block for long. HEAD is answered from GET by the server.
using Handler = std::function<Response(const Request&)>;

// Serves until destroyed. The destructor closes all connections and joins the threads.
class Server {
 public:
  // FailedPrecondition when the address is in use or not this machine's: says which and what to do.
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options, Handler handler);
  virtual ~Server() = default;

  virtual std::string address() const = 0;  // with the port in use
};

}  // namespace kawat::web
