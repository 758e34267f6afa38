// Any bytes are a page: the first chooses its content type, the second what else is known of it.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "services/parse/parse_page.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using kawat::article::OutcomeKind;
  static constexpr std::array<std::string_view, 5> kTypes = {"text/html", "text/html; charset=shift_jis",
                                                             "application/rss+xml", "text/xml", ""};
  if (size < 2) {
    return 0;
  }
  const absl::Time fetched = absl::FromUnixSeconds(1'750'000'000);
  const kawat::parse::ParsedPage parsed = kawat::parse::ParsePageContent(
      {.url = (data[1] & 1) != 0 ? "https://outlet.example/" : "https://outlet.example/news/2025/03/01/story",
       .bytes = std::string_view(reinterpret_cast<const char*>(data) + 2, size - 2),
       .content_type = kTypes[data[0] % kTypes.size()],
       .source_time_zone = (data[1] & 2) != 0 ? "Asia/Jakarta" : "../../etc/passwd",
       .fetched_time = fetched,
       .kind = (data[1] & 4) != 0 ? kawat::article::LinkKind::kEntry : kawat::article::LinkKind::kPage,
       .hint_title = (data[1] & 8) != 0 ? "A hint" : ""});
  KAWAT_CHECK(parsed.article.has_value() == (parsed.outcome == OutcomeKind::kArticle),
              "an article outcome has an article, no other has");
  KAWAT_CHECK(parsed.outcome != OutcomeKind::kNone, "each page has an outcome");
  if (parsed.article) {
    KAWAT_CHECK(!parsed.article->title.empty() && !parsed.article->body.empty(), "an article has a title and a body");
    KAWAT_CHECK(parsed.article->body.size() <= kawat::parse::extract::kMaxBodyBytes, "a body within its limit");
    KAWAT_CHECK(parsed.article->id.size() == 32, "an id of 32 digits");
    KAWAT_CHECK(!parsed.article->published_time || *parsed.article->published_time <= fetched + absl::Hours(24),
                "published in the future");
  }
  return 0;
}
