#include "services/parse/feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/status.h"

namespace kawat::parse {
namespace {

using ::testing::ElementsAre;

const url::Url kBase = *url::Url::Parse("https://outlet.example/feeds/all.xml");

std::string Describe(const FeedEntry& entry) {
  const auto time = [](const std::optional<absl::Time>& value) {
    return value ? absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", *value, absl::UTCTimeZone()) : std::string("-");
  };
  return entry.url + " | " + entry.title + " | " + time(entry.published) + " | " + time(entry.modified);
}

std::vector<std::string> Entries(std::string_view bytes, std::string_view content_type = "application/xml") {
  const absl::StatusOr<Feed> feed = ParseFeed(bytes, content_type, kBase);
  EXPECT_OK(feed);
  std::vector<std::string> entries;
  for (const FeedEntry& entry : feed.ok() ? feed->entries : std::vector<FeedEntry>()) {
    entries.push_back(Describe(entry));
  }
  return entries;
}

TEST(FeedTest, ReadsRss2) {
  const std::string rss = R"(<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Outlet &amp; Co</title><link>https://outlet.example/</link><atom:link href="https://outlet.example/feeds/all.xml" rel="self"/>
<image><title>Logo</title><url>https://outlet.example/l.png</url></image>
<item><media:title>Photo</media:title><title><![CDATA[Rice &amp; beans: <b>cheap</b>]]></title><link>
  https://outlet.example/a?x=1&y=2 </link><pubDate>Fri, 03 May 2024 15:47:42 +0900</pubDate><atom:updated>2024-05-03T08:00:00Z</atom:updated></item>
<item><title>Two</title><link>/b</link><dc:date>2024-05-03</dc:date></item>
<item><title>By guid</title><guid>https://outlet.example/c</guid></item>
<item><title>No URL</title><guid isPermaLink="false">https://outlet.example/d</guid></item>
<item><title>Not ours</title><link>mailto:a@outlet.example</link></item>
</channel></rss>)";
  EXPECT_THAT(
      Entries(rss),
      ElementsAre(
          "https://outlet.example/a?x=1&y=2 | Rice & beans: cheap | 2024-05-03T06:47:42Z | 2024-05-03T08:00:00Z",
          "https://outlet.example/b | Two | 2024-05-03T00:00:00Z | 2024-05-03T00:00:00Z",
          "https://outlet.example/c | By guid | - | -"));
  ASSERT_OK_AND_ASSIGN(const Feed feed, ParseFeed(rss, "", kBase));
  EXPECT_EQ(feed.kind, FeedKind::kFeed);
}

TEST(FeedTest, ReadsRdf) {
  EXPECT_THAT(
      Entries(R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://outlet.example/"><title>T</title></channel>
      <item rdf:about="https://outlet.example/1"><title>One</title><dc:date>2024-05-03T15:47:42+09:00</dc:date></item></rdf:RDF>)"),
      ElementsAre("https://outlet.example/1 | One | 2024-05-03T06:47:42Z | 2024-05-03T06:47:42Z"));
}

TEST(FeedTest, ReadsAtom) {
  const std::string atom =
      R"(<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://outlet.example/news/"><title>Atom</title>
<entry xml:base="today/"><title type="html">A &amp;amp; &lt;i&gt;B&lt;/i&gt;</title><link rel="enclosure" href="x.mp3"/>
  <link rel="alternate" type="application/json" href="a.json"/><link rel="alternate" type="text/html" href="a"/><id>urn:1</id>
  <published>2024-05-03T06:00:00Z</published><updated>2024-05-03T07:00:00Z</updated></entry>
<entry><title>Use &lt;b&gt;</title><link href="/b"/><updated>2024-05-03T07:00:00Z</updated></entry>
<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">X<em>Y</em></div></title><id>https://outlet.example/c</id></entry>
</feed>)";
  EXPECT_THAT(Entries(atom),
              ElementsAre("https://outlet.example/news/today/a | A & B | 2024-05-03T06:00:00Z | 2024-05-03T07:00:00Z",
                          "https://outlet.example/b | Use <b> | - | 2024-05-03T07:00:00Z",
                          "https://outlet.example/c | XY | - | -"));
}

TEST(FeedTest, ReadsSitemapsAndIndexes) {
  const std::string sitemap =
      R"(<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="n" xmlns:image="i">
<url><loc>https://outlet.example/a</loc><lastmod>2024-05-03</lastmod><image:image><image:loc>https://outlet.example/i</image:loc></image:image>
<news:news><news:publication><news:name>O</news:name></news:publication><news:publication_date>2024-05-03T06:00:00Z</news:publication_date>
<news:title>News A</news:title></news:news></url><url><lastmod>2024-05-03</lastmod></url></urlset>)";
  EXPECT_THAT(Entries(sitemap),
              ElementsAre("https://outlet.example/a | News A | 2024-05-03T06:00:00Z | 2024-05-03T00:00:00Z"));
  ASSERT_OK_AND_ASSIGN(
      const Feed index,
      ParseFeed("<sitemapindex><sitemap><loc>https://outlet.example/1.xml</loc></sitemap></sitemapindex>", "text/xml",
                kBase));
  EXPECT_EQ(index.kind, FeedKind::kSitemap);
  EXPECT_THAT(index.sitemap_urls, ElementsAre("https://outlet.example/1.xml"));
}

TEST(FeedTest, TakesTheAssumedZoneForTimesWithoutOne) {
  ASSERT_OK_AND_ASSIGN(const Feed feed,
                       ParseFeed("<rss><item><link>/a</link><pubDate>3 May 2024 15:00</pubDate></item></rss>", "",
                                 kBase, absl::FixedTimeZone(7 * 3600)));
  EXPECT_EQ(Describe(feed.entries.at(0)), "https://outlet.example/a |  | 2024-05-03T08:00:00Z | -");
}

TEST(FeedTest, ReadsEncodingsByDeclarationHeaderAndValidity) {
  const std::string item = "<item><link>/a</link><title>";
  const std::string end = "</title></item></rss>";
  const auto expect = [&](const std::string& text, const std::string& bytes, std::string_view type) {
    EXPECT_THAT(Entries(bytes, type), ElementsAre("https://outlet.example/a | " + text + " | - | -"));
  };
  expect("é", "<?xml version='1.0' encoding='iso-8859-1'?><rss>" + item + "\xE9" + end, "");
  expect("日本", "<?xml version='1.0' encoding='Shift_JIS'?><rss>" + item + "\x93\xFA\x96\x7B" + end,
         "text/xml; charset=utf-8");
  expect("П", "<rss>" + item + "\xCF" + end, "text/xml; charset=windows-1251");
  expect("日本", "<?xml version='1.0' encoding='iso-8859-1'?><rss>" + item + "日本" + end, "");
  expect("é", "\xEF\xBB\xBF<rss>" + item + "é" + end, "");
  std::string utf16 = "\xFF\xFE";
  for (const char c : "<rss>" + item + "a" + end) {
    utf16 += {c, '\0'};
  }
  expect("a", utf16, "");
  expect("日本", "<?xml version='1.0' encoding='iso-2022-jp'?><rss>" + item + "\x1B$BF|K\\\x1B(B" + end, "");
}

TEST(FeedTest, MendsWhatIsBroken) {
  EXPECT_THAT(Entries("\n\n<?xml version='1.0'?><rss><item><link>/a?b=1&c=2&copy=3</link><title>caf&eacute; "
                      "&nbsp;&mdash; AT&T &bogus;</title></item></rss>"),
              ElementsAre("https://outlet.example/a?b=1&c=2&copy=3 | café — AT&T &bogus; | - | -"));
  EXPECT_THAT(Entries("<b>Warning</b>: mysql<?xml version='1.0'?><rss><channel><item><link>/a</link><title>a\x01"
                      "b</title></item>"),
              ElementsAre("https://outlet.example/a | ab | - | -"));
  EXPECT_THAT(Entries("<rss><channel><item><link>/a</link></item><item><link>/b</link><title>cut"),
              ElementsAre("https://outlet.example/a |  | - | -", "https://outlet.example/b | cut | - | -"));
  EXPECT_THAT(
      Entries("<rss><item><link>/a</link><dc:date>2024-05-03</dc:date><media:title>M</media:title></item></rss>"),
      ElementsAre("https://outlet.example/a | M | 2024-05-03T00:00:00Z | 2024-05-03T00:00:00Z"));
}

TEST(FeedTest, ControlCharactersAreRemovedFromCdataToo) {
  EXPECT_THAT(Entries("<rss><item><link>/a</link><title><![CDATA[one \x0C\x01two]]></title></item><item><link>/b</link>"
                      "<title>next</title></item></rss>"),
              ElementsAre("https://outlet.example/a | one two | - | -", "https://outlet.example/b | next | - | -"));
}

TEST(FeedTest, RefusesWhatIsNeitherFeedNorSitemap) {
  for (const char* bytes : {"", "   ", "garbage", "<html><body>x</body></html>", "<opml><body/></opml>", "\xFF\xFE",
                            "{}", "<?xml version='1.0'?>"}) {
    EXPECT_EQ(ParseFeed(bytes, "text/xml", kBase).status().code(), absl::StatusCode::kInvalidArgument) << bytes;
  }
  ASSERT_OK_AND_ASSIGN(const Feed empty, ParseFeed("<rss><channel/></rss>", "", kBase));
  EXPECT_TRUE(empty.entries.empty());
}

TEST(FeedTest, EntitiesOfTheDocumentsOwnAreNotExpanded) {
  std::string bomb = "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY e0 'boom'>";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "&e" + std::to_string(i - 1) + ";";
    bomb += "<!ENTITY e" + std::to_string(i) + " '";
    for (int j = 0; j < 10; ++j) {
      bomb += before;
    }
    bomb += "'>";
  }
  bomb +=
      "<!ENTITY file SYSTEM 'file:///etc/passwd'>]><rss><item><link "
      "a='&e11;'>/a</link><title>x&e11;&file;</title></item></rss>";
  EXPECT_THAT(Entries(bomb), ElementsAre("https://outlet.example/a | x&e11;&file; | - | -"));
}

TEST(FeedTest, BombsEndQuickly) {
  const auto repeat = [](std::string_view text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) {
      result += text;
    }
    return result;
  };
  (void)ParseFeed("<rss>" + repeat("<channel>", 100'000), "", kBase);
  (void)ParseFeed("<!DOCTYPE r [" + repeat("<!ELEMENT a (b|c)>", 50'000) + "]><rss/>", "", kBase);
  (void)ParseFeed("<rss>" + repeat("&bogus;< <a></b>", 50'000), "", kBase);
  (void)ParseFeed("<rss>" + repeat("<item xml:base='a/'>", 200), "", kBase);
  (void)ParseFeed("<rss><item " + repeat("a='1' ", 100'000) + "/></rss>", "", kBase);
  (void)ParseFeed("<rss><item><title>" + repeat("&lt;div&gt;", 100'000), "", kBase);
  (void)ParseFeed(repeat("<![CDATA[", 100'000), "", kBase);
  ASSERT_OK_AND_ASSIGN(const Feed many, ParseFeed("<rss>" + repeat("<item><link>/a</link></item>", 60'000), "", kBase));
  EXPECT_EQ(many.entries.size(), kMaxFeedEntries);
}

TEST(LooksLikeFeedTest, GoesByTheFirstElementThenByTheType) {
  EXPECT_TRUE(LooksLikeFeed("<?xml version='1.0'?><!-- <html> --><!DOCTYPE rss>\n<rss version='2.0'>", "text/html"));
  EXPECT_TRUE(LooksLikeFeed("<rdf:RDF>", ""));
  EXPECT_TRUE(LooksLikeFeed("<atom:feed>", "text/plain"));
  EXPECT_TRUE(LooksLikeFeed("<FEED\n", ""));
  EXPECT_TRUE(LooksLikeFeed("<sitemapindex>", ""));
  EXPECT_TRUE(LooksLikeFeed("garbage", "application/rss+xml; charset=utf-8"));
  EXPECT_TRUE(LooksLikeFeed("", "text/xml"));
  EXPECT_FALSE(LooksLikeFeed("<!doctype html><html>", "text/xml"));
  EXPECT_FALSE(LooksLikeFeed("<feedback>", "text/html"));
  EXPECT_FALSE(LooksLikeFeed("<div><rss>", "text/html"));
  EXPECT_FALSE(LooksLikeFeed("<svg>", "image/svg+xml"));
  EXPECT_FALSE(LooksLikeFeed("", "application/xhtml+xml"));
  EXPECT_FALSE(LooksLikeFeed("", ""));
}

}  // namespace
}  // namespace kawat::parse
