// Any bytes are a page: the first chooses its content type, the second what else is known of it.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/check.h"
#include "base/utf8.h"
#include "services/parse/parse_page.h"
#include "tests/fuzz/seeds.h"

std::span<const std::string_view> FuzzSeeds() {
  using namespace std::string_view_literals;
  static constexpr auto kSeeds = std::to_array<std::string_view>({
      "\0\4<html lang=en><head><title>Harbour opens again | Outlet</title><meta property=og:title content='Harbour "
      "opens &amp;amp; again'><meta name=author content='By Ana Sari and Ben Oto'><link rel=canonical href=/story>"
      "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Harbour opens\",\"author\":[{"
      "\"name\":\"Ana Sari\"}],\"datePublished\":\"2025-03-01T08:00:00+07:00\"}</script></head><body><nav><a "
      "href=/>Home</a></nav><article class=article-body><h1>Harbour opens again</h1><p class=byline>By Ana Sari</p>"
      "<p>TOWN (Reuters) - The harbour of the old town opened again on Monday, a year after the storm had closed it, "
      "and the first ships came in before noon.</p><p>Fishermen had waited for the day, said the harbour master, who "
      "had counted every week.</p><p>© 2025 Outlet</p></article><a href=/next>Next</a></body></html>"sv,
      "\2\0<rss><channel><item><title>One</title><link>/a</link></item><item><title>Two</title><link>/a#b</link></item>"
      "</channel></rss>"sv,
  });
  return kSeeds;
}

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
  KAWAT_CHECK(kawat::base::IsValidUtf8(parsed.detail), "a detail that is not UTF-8");
  std::unordered_set<std::string> urls;
  for (const kawat::article::Link& link : parsed.links) {
    KAWAT_CHECK(urls.insert(link.url).second, "a link twice");
    KAWAT_CHECK(kawat::base::IsValidUtf8(link.title), "a link's title that is not UTF-8");
  }
  for (const kawat::parse::extract::TraceStep& step : parsed.trace) {
    KAWAT_CHECK(kawat::base::IsValidUtf8(step.value), "a trace that is not UTF-8");
  }
  if (parsed.article) {
    KAWAT_CHECK(!parsed.article->title.empty() && !parsed.article->body.empty(), "an article has a title and a body");
    for (const std::string& author : parsed.article->authors) {
      KAWAT_CHECK(kawat::base::IsValidUtf8(author), "an author who is not UTF-8");
    }
    for (const std::string* text : {&parsed.article->title, &parsed.article->body, &parsed.article->section,
                                    &parsed.article->copyright, &parsed.article->language}) {
      KAWAT_CHECK(kawat::base::IsValidUtf8(*text), "a field that is not UTF-8");
    }
    KAWAT_CHECK(parsed.article->body.size() <= kawat::parse::extract::kMaxBodyBytes, "a body within its limit");
    KAWAT_CHECK(parsed.article->id.size() == 32, "an id of 32 digits");
    KAWAT_CHECK(!parsed.article->published_time || *parsed.article->published_time <= fetched + absl::Hours(24),
                "published in the future");
  }
  return 0;
}
