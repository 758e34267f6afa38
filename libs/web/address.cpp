#include "web/address.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

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

absl::Status CheckAddress(const base::Section& section, std::string_view key, std::string_view address) {
  const absl::Status parsed = ParseAddress(address).status();
  return parsed.ok() ? parsed : section.Wrong(key, std::string(parsed.message()));
}

}  // namespace kawat::web
