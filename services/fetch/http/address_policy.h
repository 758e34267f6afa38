// Which addresses fetch may connect to: public ones, and the networks that the configuration names. A page must not
// make us ask the machine's own neighbours (SSRF).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

struct sockaddr;

namespace kawat::fetch {

// An immutable value; any thread.
class AddressPolicy {
 public:
  // `allow_networks`: "127.0.0.0/8", "10.1.2.3", "fd00::/8". InvalidArgument names the one that is wrong.
  static absl::StatusOr<AddressPolicy> Create(const std::vector<std::string>& allow_networks);

  bool Allows(std::string_view ip) const;  // "203.0.113.7", "::1"; false for what is no address
  bool Allows(const sockaddr* address) const;

 private:
  using Address = std::array<std::uint8_t, 16>;  // IPv4 as ::ffff:a.b.c.d
  struct Network {
    Address address;
    int bits = 128;
    bool Contains(const Address& other) const;
  };
  static bool ParseAddress(std::string_view text, Address& out);
  static absl::StatusOr<Network> ParseNetwork(std::string_view text);
  static bool IsPublic(const Address& address);
  bool Allows(const Address& address) const;

  std::vector<Network> allowed_;
};

}  // namespace kawat::fetch
