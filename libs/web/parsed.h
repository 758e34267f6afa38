// From what Boost.Beast has parsed to a Request, or to the answer that refuses it. Inside libs/web only.
#pragma once

#include <boost/beast/http.hpp>
#include <string_view>

#include "absl/status/statusor.h"
#include "web/server.h"

namespace kawat::web {

using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

// Takes the body out of `parser`. InvalidArgument: answer with 400.
absl::StatusOr<Request> ToRequest(Parser& parser);

Response Refusal(int status, std::string_view sentence);
Response RefusalOf(const boost::system::error_code& error, const ServerOptions& options);

}  // namespace kawat::web
