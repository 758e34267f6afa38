// Conditional and compressed answers (RFC 9110, sections 8.4 and 13).
#pragma once

#include <optional>
#include <string_view>

#include "absl/time/time.h"
#include "services/newsroom/world.h"
#include "web/server.h"

namespace kawat::newsroom {

// Gives `response` the validators that the outlet sends, and makes it a 304 when the request's conditions say that its
// client has it. `changed`: when the content last changed; it is not told within two seconds, since Last-Modified
// counts whole ones.
void AddValidators(const web::Request& request, Validators validators, absl::Time changed, absl::Time now,
                   web::Response& response);

// Compresses the body if the client takes gzip.
void Compress(const web::Request& request, web::Response& response);

// For gzip-encoded bodies whose client does not take gzip. Nullopt: not gzip.
std::optional<std::string> Gunzip(std::string_view bytes);
bool TakesGzip(const web::Request& request);

}  // namespace kawat::newsroom
