#include "web/message.h"

#include <algorithm>
#include <boost/beast/http/status.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace kawat::web {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string ReasonPhrase(int status) {
  return std::string(
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(static_cast<unsigned>(status))));
}

// Field names are tokens, values without control characters: what a page or a query put into them cannot add a header.
bool IsSafeHeader(std::string_view name, std::string_view value) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; };
  return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) { return c <= ' ' || c == ':'; }) &&
         std::none_of(value.begin(), value.end(), is_control);
}

}  // namespace

std::string PercentDecode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 && HexDigit(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

std::optional<std::string_view> PathAndQuery(std::string_view target) {
  if (target.starts_with("http://") || target.starts_with("https://")) {
    target.remove_prefix(target.find("//") + 2);
    const std::size_t end = target.find_first_of("/?");
    target = end == std::string_view::npos ? std::string_view("/") : target.substr(end);
    return target;
  }
  return target.starts_with('/') ? std::optional(target) : std::nullopt;
}

std::optional<std::string> HostOf(std::string_view host_header) {
  std::string_view host = host_header;
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    host = host.substr(0, end + 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  const bool bad = std::any_of(host.begin(), host.end(),
                               [](unsigned char c) { return c <= ' ' || c == '/' || c == '@' || c == 0x7f; });
  return bad ? std::nullopt : std::optional(absl::AsciiStrToLower(std::string(host)));
}

bool HasBody(int status) { return status >= 200 && status != 204 && status != 304; }

std::string FormatHead(const Response& response, bool keep_alive, bool old_version, absl::Time now) {
  std::string head = absl::StrCat("HTTP/1.1 ", response.status, " ", ReasonPhrase(response.status), "\r\n");
  const auto add = [&head](std::string_view name, std::string_view value) {
    if (IsSafeHeader(name, value)) {
      head.append(name).append(": ").append(value).append("\r\n");
    }
  };
  add("Date", absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", now, absl::UTCTimeZone()));
  if (HasBody(response.status)) {
    if (!response.content_type.empty()) {
      add("Content-Type", response.content_type);
    }
    add("Content-Length", absl::StrCat(response.body.size()));
  }
  if (!keep_alive) {
    add("Connection", "close");
  } else if (old_version) {
    add("Connection", "keep-alive");
  }
  for (const auto& [name, value] : response.headers) {
    add(name, value);
  }
  head.append("\r\n");
  return head;
}

std::string Request::Header(std::string_view name) const {
  for (const auto& [have, value] : headers) {
    if (have == name) {
      return value;
    }
  }
  return {};
}

std::string Request::Query(std::string_view name) const {
  const std::size_t mark = target.find('?');
  std::string_view rest = mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (PercentDecode(pair.substr(0, equals), true) == name) {
      return PercentDecode(pair.substr(std::min(equals + 1, pair.size())), true);
    }
  }
  return {};
}

}  // namespace kawat::web
