// Requests as Beast reads them, and the answers to what is none. For server.cpp.
#pragma once

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "absl/status/statusor.h"
#include "web/server.h"

namespace kawat::web {

using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

Response Refusal(int status, std::string_view sentence);
Response RefusalOf(const boost::system::error_code& error, const ServerOptions& options);

// Takes the body. InvalidArgument: answer with 400.
absl::StatusOr<Request> ToRequest(Parser& parser);

}  // namespace kawat::web
