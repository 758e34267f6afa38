// The parts of HTTP/1.1 that Beast leaves to its user: targets, percent-encoding, the head of a response. Inside
// libs/web only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "web/server.h"

namespace kawat::web {

// Replaces %XX; with `plus_is_space` also '+'. A '%' without two hex digits stays as it is.
std::string PercentDecode(std::string_view text, bool plus_is_space);

// The path and query of an origin-form ("/a?b") or absolute-form ("http://h/a?b") target (RFC 9112, section 3.2);
// nullopt: neither.
std::optional<std::string_view> PathAndQuery(std::string_view target);

// Lower case, without the port; nullopt: not a host.
std::optional<std::string> HostOf(std::string_view host_header);

// Everything before the body, with the empty line. Headers with a line break in them are left out.
std::string FormatHead(const Response& response, bool keep_alive, bool old_version, absl::Time now);

// 1xx, 204 and 304 have no body and no length.
bool HasBody(int status);

}  // namespace kawat::web
