#include "services/parse/extract/times.h"

#include <gtest/gtest.h>

namespace kawat::parse::extract {
namespace {

const absl::Time kNow = absl::FromCivil(absl::CivilDay(2025, 6, 1), absl::UTCTimeZone());

Times Find(std::string_view html, std::string_view path = "/story") {
  static html::Document document = html::Document::Parse("", "");
  document = html::Document::Parse(html, "text/html");
  const PageFacts facts = GatherFacts(document);
  return FindTimes(ReadJsonLd(facts.json_ld, ""), facts, path, {.zone = absl::UTCTimeZone(), .not_after = kNow});
}

std::string Text(const FoundTime& found) {
  return found.time ? absl::FormatTime("%Y-%m-%dT%H:%MZ", *found.time, absl::UTCTimeZone()) : "none";
}

constexpr std::string_view kJsonLd =
    R"(<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2025-03-01T08:00:00+07:00","dateModified":"2025-03-02T08:00:00Z"}</script>)";
constexpr std::string_view kMeta = R"(<meta property="article:published_time" content="2025-03-03T10:00:00Z">)";
constexpr std::string_view kTime = R"(<time datetime="2025-03-04T10:00:00Z">yesterday</time>)";

TEST(TimesTest, JsonLdThenMetaThenTimeThenUrl) {
  const std::string meta_and_time = std::string(kMeta) + std::string(kTime);
  EXPECT_EQ(Text(Find(std::string(kJsonLd) + meta_and_time).published), "2025-03-01T01:00Z");
  EXPECT_EQ(Text(Find(meta_and_time).published), "2025-03-03T10:00Z");
  EXPECT_EQ(Text(Find(kTime, "/2025/01/01/story").published), "2025-03-04T10:00Z");
  EXPECT_EQ(Text(Find("", "/2025/01/02/story").published), "2025-01-02T12:00Z");
  EXPECT_EQ(Text(Find("").published), "none");
}

TEST(TimesTest, ModifiedIsNotPublished) {
  EXPECT_EQ(Text(Find(kJsonLd).modified), "2025-03-02T08:00Z");
  EXPECT_EQ(Text(Find(R"(<time class="updated" datetime="2025-03-04T10:00:00Z">x</time>)").published), "none");
}

TEST(TimesTest, TheFutureIsNotBelieved) {
  EXPECT_EQ(
      Text(
          Find(
              R"(<meta property="article:published_time" content="2031-03-03T10:00:00Z"><meta name="date" content="2025-03-03T10:00:00Z">)")
              .published),
      "2025-03-03T10:00Z");
}

TEST(TimesTest, AMissingZoneIsFlagged) {
  EXPECT_TRUE(Find(R"(<meta name="date" content="2025-03-03 10:00:00">)").published.zone_assumed);
  EXPECT_FALSE(Find(kMeta).published.zone_assumed);
}

TEST(TimesTest, ReadsDatesInPaths) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  const absl::Time wanted = absl::FromCivil(absl::CivilHour(2025, 2, 28, 12), utc);
  for (const char* path :
       {"/2025/02/28/story", "/news/2025-02-28-story", "/a/20250228/b", "/world/2025/feb/28/story", "/2025-02-28"}) {
    EXPECT_EQ(TimeInPath(path, utc), wanted) << path;
  }
  for (const char* path : {"/story-12025022811", "/2025/13/01/", "/2025/story", "/1234-56-78", "", "/2025"}) {
    EXPECT_EQ(TimeInPath(path, utc), std::nullopt) << path;
  }
}

}  // namespace
}  // namespace kawat::parse::extract
