// Addresses that programs listen at and connect to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/config.h"

namespace kawat::web {

// "127.0.0.1:8080", "[::1]:0", ":8080" (all addresses) to host and port. InvalidArgument.
absl::StatusOr<std::pair<std::string, std::uint16_t>> ParseAddress(std::string_view address);

// The numeric addresses behind "name:port", such as those of all pods behind a headless Service: each once, sorted, of
// the family that the resolver names first. Waits for DNS. InvalidArgument: no address; Unavailable: no such name.
absl::StatusOr<std::vector<std::string>> ResolveAll(std::string_view address);

// For configurations: InvalidArgument with the place of `key`, if what was read from there is no address.
absl::Status CheckAddress(const base::Section& section, std::string_view key, std::string_view address);

}  // namespace kawat::web
