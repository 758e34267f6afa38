// Any bytes are a feed.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/utf8.h"
#include "services/parse/feed.h"
#include "tests/fuzz/seeds.h"

std::span<const std::string_view> FuzzSeeds() {
  static constexpr auto kSeeds = std::to_array<std::string_view>({
      "<?xml version='1.0' encoding='iso-8859-1'?><!DOCTYPE rss [<!ENTITY a "
      "'b'>]><rss><channel><title>T</title><item><title><![CDATA[a &amp; b]]>"
      "</title><link>/a?b=1&c=2</link><pubDate>Fri, 03 May 2024 15:47:42 "
      "GMT</pubDate><dc:date>2024-05-03</dc:date></item></channel></rss>",
      "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/n/'><entry><title "
      "type='html'>&lt;b&gt;x&lt;/b&gt;</title><link href='a' rel='alternate'/>"
      "<updated>2024-05-03T07:00:00Z</updated></entry></feed>",
      "<urlset><url><loc>https://outlet.example/a</loc><lastmod>2024-05-03</lastmod><news:news><news:title>N</"
      "news:title></news:news></url></urlset>",
  });
  return kSeeds;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace parse = kawat::parse;
  static const kawat::url::Url base = *kawat::url::Url::Parse("https://outlet.example/feed");
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(parse::LooksLikeFeed(bytes, "text/xml"));
  if (const auto feed = parse::ParseFeed(bytes, "text/xml; charset=koi8-r", base); feed.ok()) {
    for (const parse::FeedEntry& entry : feed->entries) {
      KAWAT_CHECK(kawat::url::Url::Parse(entry.url).ok(), "an entry without a URL");
      KAWAT_CHECK(kawat::base::IsValidUtf8(entry.title) && entry.title.size() <= parse::kMaxFeedTitleBytes,
                  "a title beyond its limits");
    }
  }
  return 0;
}
