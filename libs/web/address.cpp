#include "web/address.h"

#include <netdb.h>

#include <memory>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace kawat::web {

absl::StatusOr<std::pair<std::string, std::uint16_t>> ParseAddress(std::string_view address) {
  const auto wrong = [&] {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", std::string(address), "\" is no address: want HOST:PORT, [IPV6]:PORT or :PORT, with a port up to 65535"));
  };
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) {
    return wrong();
  }
  std::string_view host = address.substr(0, colon);
  const std::string_view digits = address.substr(colon + 1);
  int port = 0;
  if (digits.empty() || digits.size() > 5 || digits.find_first_not_of("0123456789") != std::string_view::npos ||
      !absl::SimpleAtoi(std::string(digits), &port) || port > 65535) {
    return wrong();
  }
  if (host.starts_with('[')) {
    if (!host.ends_with(']') || host.size() < 4) {
      return wrong();
    }
    host = host.substr(1, host.size() - 2);
  } else if (absl::StrContains(std::string(host), ':')) {
    return wrong();  // an IPv6 address without brackets: which colon ends it?
  }
  return std::pair(std::string(host), static_cast<std::uint16_t>(port));
}

absl::StatusOr<std::vector<std::string>> ResolveAll(std::string_view address) {
  KAWAT_ASSIGN_OR_RETURN(const auto parsed, ParseAddress(address));
  const auto& [host, port] = parsed;
  if (host.empty()) {
    return std::vector<std::string>{std::string(address)};
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found); error != 0) {
    return absl::UnavailableError(absl::StrCat("cannot resolve ", host, ": ", ::gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  std::set<std::string> addresses;
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    char text[NI_MAXHOST];
    if (entry->ai_family == found->ai_family &&
        ::getnameinfo(entry->ai_addr, entry->ai_addrlen, text, sizeof(text), nullptr, 0, NI_NUMERICHOST) == 0) {
      addresses.insert(entry->ai_family == AF_INET6 ? absl::StrCat("[", text, "]:", port)
                                                    : absl::StrCat(text, ":", port));
    }
  }
  return std::vector<std::string>(addresses.begin(), addresses.end());
}

absl::Status CheckAddress(const base::Section& section, std::string_view key, std::string_view address) {
  const absl::Status parsed = ParseAddress(address).status();
  return parsed.ok() ? parsed : section.Wrong(key, std::string(parsed.message()));
}

}  // namespace kawat::web
