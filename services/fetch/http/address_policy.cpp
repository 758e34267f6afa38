#include "services/fetch/http/address_policy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status.h"

namespace kawat::fetch {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

// IANA's special-purpose registries for IPv4, with multicast (224/4).
constexpr std::string_view kNotPublic4[] = {"0.0.0.0/8",      "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",
                                            "169.254.0.0/16", "172.16.0.0/12",  "192.0.0.0/24",  "192.0.2.0/24",
                                            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
                                            "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4"};
// Within 2000::/3, which is all that is routed; 2002::/16 and 2001::/23 (Teredo) carry IPv4 addresses that would escape
// the list above.
constexpr std::string_view kNotPublic6[] = {"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"};

}  // namespace

bool AddressPolicy::ParseAddress(std::string_view text, Address& out) {
  const std::string copy(text);
  in_addr four{};
  if (inet_pton(AF_INET, copy.c_str(), &four) == 1) {
    std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), out.begin());
    std::memcpy(out.data() + kMappedPrefix.size(), &four, sizeof(four));
    return true;
  }
  return inet_pton(AF_INET6, copy.c_str(), out.data()) == 1;
}

absl::StatusOr<AddressPolicy::Network> AddressPolicy::ParseNetwork(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  Network network{};
  if (!ParseAddress(address, network.address)) {
    return absl::InvalidArgumentError(absl::StrCat("\"", std::string(text), "\" is not a network such as 127.0.0.0/8"));
  }
  const int width = address.find(':') == std::string_view::npos ? 32 : 128;
  int bits = width;
  if (slash != std::string_view::npos &&
      (!absl::SimpleAtoi(std::string(text.substr(slash + 1)), &bits) || bits < 0 || bits > width)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", std::string(text), "\" must end in /0 to /", width, ", or in no slash"));
  }
  network.bits = 128 - width + bits;
  return network;
}

bool AddressPolicy::Network::Contains(const Address& other) const {
  const int whole = bits / 8;
  if (!std::equal(address.begin(), address.begin() + whole, other.begin())) {
    return false;
  }
  const int rest = bits % 8;
  return rest == 0 || (address[whole] >> (8 - rest)) == (other[whole] >> (8 - rest));
}

absl::StatusOr<AddressPolicy> AddressPolicy::Create(const std::vector<std::string>& allow_networks) {
  AddressPolicy policy;
  for (const std::string& text : allow_networks) {
    KAWAT_ASSIGN_OR_RETURN(const Network network, ParseNetwork(text));
    policy.allowed_.push_back(network);
  }
  return policy;
}

bool AddressPolicy::IsPublic(const Address& address) {
  static const auto* const networks_of_lists = [] {
    auto* networks = new std::vector<Network>;  // lives for ever
    for (const auto& list : {std::vector<std::string_view>(std::begin(kNotPublic4), std::end(kNotPublic4)),
                             std::vector<std::string_view>(std::begin(kNotPublic6), std::end(kNotPublic6))}) {
      for (const std::string_view text : list) {
        absl::StatusOr<Network> network = ParseNetwork(text);
        KAWAT_CHECK(network.ok(), "a network of our own list does not parse");
        networks->push_back(*network);
      }
    }
    return networks;
  }();
  const bool is4 = std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), address.begin());
  if (!is4 && (address[0] >> 5) != 1) {  // 2000::/3
    return false;
  }
  return std::none_of(networks_of_lists->begin(), networks_of_lists->end(),
                      [&](const Network& n) { return n.Contains(address); });
}

bool AddressPolicy::Allows(const Address& address) const {
  return IsPublic(address) ||
         std::any_of(allowed_.begin(), allowed_.end(), [&](const Network& n) { return n.Contains(address); });
}

bool AddressPolicy::Allows(std::string_view ip) const {
  Address address{};
  return ParseAddress(ip, address) && Allows(address);
}

bool AddressPolicy::Allows(const sockaddr* address) const {
  Address bytes{};
  if (address->sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, address, sizeof(four));
    std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin());
    std::memcpy(bytes.data() + kMappedPrefix.size(), &four.sin_addr, sizeof(four.sin_addr));
  } else if (address->sa_family == AF_INET6) {
    sockaddr_in6 six{};
    std::memcpy(&six, address, sizeof(six));
    std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
  } else {
    return false;
  }
  return Allows(bytes);
}

}  // namespace kawat::fetch
