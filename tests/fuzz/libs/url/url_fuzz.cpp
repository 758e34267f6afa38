// Any bytes are a reference: what resolves is one line of ASCII that parses to itself and has a canonical form of its
// own.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "tests/fuzz/seeds.h"
#include "url/url.h"

std::span<const std::string_view> FuzzSeeds() {
  static constexpr auto kSeeds = std::to_array<std::string_view>({
      "https://user@www.example.co.id:8443/a b/../%2e/c?utm_source=x&id=7#part",
      "//b\xC3\xBC"
      "cher.example/?q=\xE6\x97\xA5&fbclid=1",
      "http://[2001:db8::1]:80/",
      "http://0x7f.1/",
      "../../x;y?z=1&&gclid",
  });
  return kSeeds;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace url = kawat::url;
  static const url::Url base = *url::Url::Parse("https://example.com/a/b?c");
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto resolved = url::Url::Resolve(text, base); resolved.ok()) {
    KAWAT_CHECK(std::ranges::all_of(resolved->text(), [](char c) { return c > ' ' && c < 0x7F; }),
                "a URL that is not one line of ASCII");
    const auto again = url::Url::Parse(resolved->text());
    KAWAT_CHECK(again.ok() && again->text() == resolved->text(), "a URL that does not parse to itself");
    const std::string canonical = url::Canonical(*resolved);
    const auto twice = url::Canonical(std::string_view(canonical));
    KAWAT_CHECK(twice.ok() && *twice == canonical, "a canonical form that is not canonical");
    KAWAT_CHECK(resolved->host().ends_with(url::RegistrableDomain(resolved->host())) || resolved->host().ends_with('.'),
                "a registrable domain beyond its host");
  }
  static_cast<void>(url::RegistrableDomain(text.substr(0, 300)));
  return 0;
}
