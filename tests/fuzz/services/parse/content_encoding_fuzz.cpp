// Any bytes are a compressed body.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "services/parse/content_encoding.h"

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
