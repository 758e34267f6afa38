// Any bytes are a compressed body.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "services/parse/content_encoding.h"
#include "tests/fuzz/seeds.h"

// The same sentence as gzip, with zlib's frame, and bare: what random bytes never begin like.
std::span<const std::string_view> FuzzSeeds() {
  using namespace std::string_view_literals;
  static constexpr auto kSeeds = std::to_array<std::string_view>({
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xb3\x29\xb0\x0b\xc9\x48\x55\xc8\x48\x2c\x4a\xca"
      "\x2f\x2d\x52\xc8\x2f\x48\xcd\x4b\x4d\x51\x48\x4c\x4f\xcc\xcc\xd3\xb3\xd1\x2f\xb0\x03\x00"
      "\x41\x4d\x85\xab\x20\x00\x00\x00"sv,
      "\x78\xda\xb3\x29\xb0\x0b\xc9\x48\x55\xc8\x48\x2c\x4a\xca\x2f\x2d\x52\xc8\x2f\x48\xcd\x4b"
      "\x4d\x51\x48\x4c\x4f\xcc\xcc\xd3\xb3\xd1\x2f\xb0\x03\x00\xbb\x02\x0b\x21"sv,
      "\xb3\x29\xb0\x0b\xc9\x48\x55\xc8\x48\x2c\x4a\xca\x2f\x2d\x52\xc8\x2f\x48\xcd\x4b\x4d\x51"
      "\x48\x4c\x4f\xcc\xcc\xd3\xb3\xd1\x2f\xb0\x03\x00"sv,
  });
  return kSeeds;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kLimit = 1 << 20;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const std::string_view encoding : {"", "gzip", "deflate", "gzip, deflate"}) {
    const auto decoded = kawat::parse::DecodeContent(body, encoding, kLimit);
    KAWAT_CHECK(!decoded.ok() || decoded->size() <= kLimit, "decoded beyond the limit");
  }
  static_cast<void>(kawat::parse::DecodeContent(body, body.substr(0, 64), kLimit));
  return 0;
}
