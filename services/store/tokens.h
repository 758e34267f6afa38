// The opaque tokens of lists and streams: where each shard's reader stands, and a mark of what was asked. Base64, safe
// in URLs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace kawat::store {

// `request`: whatever must be the same in the next call (query and filter).
std::string EncodeToken(std::string_view request, const std::vector<std::int64_t>& places);

// One place a shard. InvalidArgument, beginning with `field`: damaged, of another request, or of a store with other
// shards.
absl::StatusOr<std::vector<std::int64_t>> DecodeToken(std::string_view field, std::string_view token,
                                                      std::string_view request, std::size_t shards);

}  // namespace kawat::store
