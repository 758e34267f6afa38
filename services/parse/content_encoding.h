// A body as HTTP's Content-Encoding wraps it, unwrapped (RFC 9110 section 8.4; RFC 1950 to 1952).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace kawat::parse {

inline constexpr std::size_t kMaxDecodedBytes = 20 << 20;

// `encoding`: the header's value; "", "identity", "gzip", "x-gzip", "deflate" (with or without zlib's frame), or a list
// of at most two. InvalidArgument: another encoding, broken or cut off data, more than `limit_bytes` decoded.
absl::StatusOr<std::string> DecodeContent(std::string_view body, std::string_view encoding,
                                          std::size_t limit_bytes = kMaxDecodedBytes);

}  // namespace kawat::parse
