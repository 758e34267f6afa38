#include "web/parsed.h"

#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "web/message.h"

namespace kawat::web {
namespace http = boost::beast::http;
namespace {

std::string_view View(boost::core::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Response Refusal(int status, std::string_view sentence) {
  return {.status = status, .body = absl::StrCat(std::string(sentence), "\n")};
}

Response RefusalOf(const boost::system::error_code& error, const ServerOptions& options) {
  if (error == http::error::body_limit) {
    return Refusal(413, absl::StrCat("the body is longer than ", options.max_body_bytes, " bytes"));
  }
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return Refusal(431, absl::StrCat("the header is longer than ", options.max_header_bytes, " bytes"));
  }
  return Refusal(400, absl::StrCat("not an HTTP request: ", error.message()));
}

absl::StatusOr<Request> ToRequest(Parser& parser) {
  http::request<http::string_body>& message = parser.get();
  Request request;
  request.method = std::string(View(message.method_string()));
  request.target = std::string(View(message.target()));
  const std::optional<std::string_view> path_and_query = PathAndQuery(request.target);
  if (!path_and_query.has_value()) {
    return absl::InvalidArgumentError("the target is no path");
  }
  request.path = PercentDecode(path_and_query->substr(0, path_and_query->find('?')), false);
  if (message.count(http::field::host) > 1 || (message.version() >= 11 && message.count(http::field::host) == 0)) {
    return absl::InvalidArgumentError("want one Host header");
  }
  const std::optional<std::string> host = HostOf(View(message[http::field::host]));
  if (!host.has_value()) {
    return absl::InvalidArgumentError("the Host header is no host");
  }
  request.host = *host;
  for (const auto& field : message) {
    request.headers.emplace_back(absl::AsciiStrToLower(std::string(View(field.name_string()))),
                                 std::string(View(field.value())));
  }
  request.body = std::move(message.body());
  return request;
}

}  // namespace kawat::web
