#include "services/parse/parse_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/utf8.h"

namespace kawat::parse {
namespace {

using article::LinkKind;
using article::OutcomeKind;
using article::Reason;

const absl::Time kFetched = absl::FromUnixSeconds(1'750'000'000);

ParsedPage Parse(std::string_view bytes, std::string_view content_type,
                 std::string_view url = "https://outlet.example/story") {
  return ParsePageContent({.url = url, .bytes = bytes, .content_type = content_type, .fetched_time = kFetched});
}

constexpr std::string_view kArticle =
    "<html lang=en><title>Harbour opens again</title><body><article><h1>Harbour opens again</h1><p>The harbour of the "
    "old town opened again on "
    "Monday, a year after the storm had closed it, and the first ships came in before noon.</p><p>Fishermen had waited "
    "for the day, said the "
    "harbour master, who had counted every week.</p></article><a href='/next'>Next</a></body></html>";

constexpr std::string_view kFeed =
    "<?xml version='1.0'?><rss version='2.0'><channel><title>Outlet</title><item><title>Harbour "
    "opens</title><link>https://outlet.example/harbour</link>"
    "<pubDate>Mon, 03 Mar 2025 10:00:00 "
    "GMT</pubDate></item><item><title>Elsewhere</title><link>https://other.example/x?utm_source=rss</link></item>"
    "</channel></rss>";

TEST(ParsePageTest, AnArticleHasItsLinksToo) {
  const ParsedPage parsed = Parse(kArticle, "text/html");
  EXPECT_EQ(parsed.outcome, OutcomeKind::kArticle);
  EXPECT_EQ(parsed.reason, Reason::kNone);
  ASSERT_TRUE(parsed.article);
  EXPECT_EQ(parsed.article->url, "https://outlet.example/story");
  EXPECT_EQ(parsed.article->observed_time, kFetched);
  ASSERT_EQ(parsed.links.size(), 1U);
  EXPECT_EQ(parsed.links[0].url, "https://outlet.example/next");
}

TEST(ParsePageTest, AFeedIsItsEntries) {
  const ParsedPage parsed = Parse(kFeed, "application/rss+xml");
  EXPECT_EQ(parsed.outcome, OutcomeKind::kLinksOnly);
  EXPECT_EQ(parsed.reason, Reason::kFeed);
  ASSERT_EQ(parsed.links.size(), 2U);
  EXPECT_EQ(parsed.links[0].kind, LinkKind::kEntry);
  EXPECT_EQ(parsed.links[0].title, "Harbour opens");
  EXPECT_EQ(parsed.links[0].published_time, absl::FromCivil(absl::CivilHour(2025, 3, 3, 10), absl::UTCTimeZone()));
  EXPECT_EQ(parsed.links[1].url, "https://other.example/x");
}

TEST(ParsePageTest, AFeedsUrlComesOnceWithItsFirstTitle) {
  const ParsedPage parsed = Parse(
      "<rss><item><title>One</title><link>/a</link></item><item><title>Two</title><link>/a#x</link></item>"
      "<item><title>Three</title><link>/b</link></item></rss>",
      "application/rss+xml");
  ASSERT_EQ(parsed.links.size(), 2U);
  EXPECT_EQ(parsed.links[0].title, "One");
  EXPECT_EQ(parsed.links[1].title, "Three");
  EXPECT_EQ(
      Parse("<sitemapindex><sitemap><loc>/1.xml</loc></sitemap><sitemap><loc>/1.xml</loc></sitemap></sitemapindex>",
            "text/xml")
          .links.size(),
      1U);
}

// A proto string must be UTF-8: a record with another detail could not be read by anyone.
TEST(ParsePageTest, ADetailIsShortUtf8WhateverTheServerSaid) {
  const std::string cut_inside = std::string(99, 'x') + "é";
  for (const std::string& type : {cut_inside, std::string("\xff\xfe"), std::string(100'000, 'x')}) {
    const ParsedPage parsed = Parse("whatever", type);
    EXPECT_TRUE(base::IsValidUtf8(parsed.detail)) << type;
    EXPECT_LE(parsed.detail.size(), kMaxDetailBytes);
  }
  const ParsedPage named = Parse("<" + std::string(40'000, 'x') + "/>", "application/rss+xml");
  EXPECT_EQ(named.reason, Reason::kMalformedFeed);
  EXPECT_LE(named.detail.size(), kMaxDetailBytes);
}

TEST(ParsePageTest, XmlThatCannotBeReadIsADeadLetter) {
  const ParsedPage parsed = Parse("\x01\x02\x03 nothing", "application/rss+xml");
  EXPECT_EQ(parsed.outcome, OutcomeKind::kDeadLetter);
  EXPECT_EQ(parsed.reason, Reason::kMalformedFeed);
}

TEST(ParsePageTest, OtherTypesAreNotHtml) {
  for (const char* type : {"image/png", "application/pdf", "application/json", "video/mp4", ""}) {
    const ParsedPage parsed = Parse("whatever", type);
    EXPECT_EQ(parsed.outcome, OutcomeKind::kLinksOnly) << type;
    EXPECT_EQ(parsed.reason, Reason::kNotHtml) << type;
  }
}

TEST(ParsePageTest, GarbageServedAsHtmlIsNoText) {
  EXPECT_EQ(Parse("\x01\xff\xfe<<<>>>\x80", "text/html").reason, Reason::kNoText);
  EXPECT_EQ(Parse("", "text/html").reason, Reason::kNoText);
}

}  // namespace
}  // namespace kawat::parse
