// Any bytes are a robots.txt, and any bytes a path.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "services/fetch/robots.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using kawat::fetch::Robots;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Robots robots = Robots::Parse(text, "kawat");
  const std::string_view path = text.substr(0, text.find('\n')).substr(0, 2048);
  static_cast<void>(robots.Allows(path));
  KAWAT_CHECK(robots.Allows("/robots.txt"), "robots.txt itself is always allowed");
  const Robots again = Robots::FromText(robots.ToText(), "kawat");
  KAWAT_CHECK(again.ToText() == robots.ToText() && again.crawl_delay() == robots.crawl_delay(),
              "rules change when kept");
  if (const auto delay = robots.crawl_delay(); delay.has_value()) {
    KAWAT_CHECK(*delay >= absl::ZeroDuration() && *delay <= kawat::fetch::kMaxCrawlDelay, "a delay beyond its limits");
  }
  return 0;
}
