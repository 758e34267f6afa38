// Pages made to keep the parser busy. Each ends in well under a second; the bound is for slow machines and sanitizers.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "services/parse/parse_page.h"
#include "tests/support/hostile.h"

namespace kawat::parse {
namespace {

using support::Numbered;

constexpr std::size_t kBytes = support::kReallocCopies ? 128 << 10 : 1 << 20;

std::string Fill(std::string_view text, std::size_t bytes = kBytes) { return support::Repeat(text, bytes); }

std::string Nest(std::string_view tag, int times, std::string_view inner) {
  std::string result;
  for (int i = 0; i < times; ++i) {
    result += tag;
  }
  return result.append(inner);
}

std::string JsonLd(std::string_view json) {
  return std::string("<script type='application/ld+json'>").append(json).append("</script>");
}

constexpr std::string_view kProse =
    "<article><h1>Harbour opens again</h1><p>The harbour of the old town opened again on Monday, a year after the "
    "storm had closed it, and the first ships came in before noon.</p></article>";

struct Hostile {
  std::string name;
  std::function<std::string()> make;
  std::string content_type = "text/html; charset=utf-8";
};

// What `Hostile` makes is a page, or a feed by its content type.
const std::vector<Hostile>& Pages() {
  static const std::string kRss = "application/rss+xml";
  static const auto* const kPages = new std::vector<Hostile>{
      {"AmpersandsInTitle", [] { return "<title>" + Fill("&amp;") + "</title>" + std::string(kProse); }},
      {"AmpersandsInOg",
       [] { return "<meta property=og:title content='" + Fill("&amp;") + "'>" + std::string(kProse); }},
      {"AmpersandsInText", [] { return "<article><p>" + Fill("&amp;"); }},
      {"AmpersandsInJsonLd",
       [] { return JsonLd(R"({"@type":"NewsArticle","headline":")" + Fill("&", 1 << 20) + "\"}"); }},
      {"TagsInJsonLdBody",
       [] { return JsonLd(R"({"@type":"NewsArticle","articleBody":")" + Fill("<a", 1 << 20) + "\"}"); }},
      {"LongTitle", [] { return "<title>" + Fill("word ") + "</title>" + std::string(kProse); }},
      {"LongHeading", [] { return "<article><h1>" + Fill("word ") + "</h1>" + std::string(kProse); }},
      {"LongOgTitle",
       [] { return "<meta property=og:title content='" + Fill("word - ") + "'>" + std::string(kProse); }},
      {"LongHeadline",
       [] { return JsonLd(R"({"@type":"NewsArticle","headline":")" + Fill("word - ", 2'000'000) + "\"}"); }},
      {"CommasInAuthor", [] { return "<meta name=author content='" + Fill(",") + "'>" + std::string(kProse); }},
      {"AuthorsInMetas",
       [] {
         const std::string names = Numbered("Ana S", ",", 19) + Fill("Ana S1,", 1'800);
         std::string page;
         for (int i = 0; i < 500; ++i) {
           page += "<meta name=author content='" + names + "'>";
         }
         return page;
       }},
      {"LeadInsInAuthor", [] { return "<meta name=author content='" + Fill("by ") + "'>"; }},
      {"AuthorsInJsonLd",
       [] { return JsonLd(R"({"@type":"NewsArticle","author":")" + Fill("a,", 2'000'000) + "\"}"); }},
      {"NestedTags", [] { return Fill("<div>"); }},
      {"NestedBylines", [] { return Nest("<div class=author>", 480, Fill("many words ")); }},
      {"NestedEmptyBylines", [] { return Nest("<div class=author>", 480, Fill("<i></i>")); }},
      {"DeepLinks", [] { return Nest("<div>", 480, Fill("<a>x</a>")); }},
      {"DeepParagraphs", [] { return Nest("<div>", 480, Fill("<p>" + std::string(40, 'x'))); }},
      {"NestedHeadings", [] { return Nest("<h1><div>", 240, Fill("many words ")) + std::string(kProse); }},
      {"NestedTitles", [] { return "<math>" + Nest("<title>", 480, Fill("  ")); }},
      {"HeadingsAmongLines", [] { return "<article>" + Fill("<h1>x</h1><p>" + std::string(61, 'x'), 2 << 20); }},
      {"Attributes", [] { return "<p " + Numbered("a", "=1 ", 100'000) + ">"; }},
      {"AttributesOnAll", [] { return Fill("<p a=1 b=1 c=1 d=1 e=1 f=1 g=1 h=1>"); }},
      {"Classes", [] { return "<div class='" + Fill("article-body ") + "'>" + std::string(kProse); }},
      {"ManyClasses", [] { return Numbered("<div class=article-body", ">x</div>", 60'000); }},
      {"Scripts", [] { return Fill(JsonLd(R"({"@type":"NewsArticle"})")); }},
      {"DeepJson", [] { return JsonLd(Fill("[")); }},
      {"NestedJson", [] { return JsonLd(Fill(R"({"@type":"NewsArticle","author":[)")); }},
      {"ManyArticlesInJson",
       [] { return JsonLd("[" + Fill(R"({"@type":"NewsArticle","url":"/a"},)", 1 << 20) + "{}]"); }},
      {"ManyMembersInJson", [] { return JsonLd("{" + Numbered("\"@id", "\":1,", 100'000) + "\"a\":1}"); }},
      {"Links", [] { return Numbered("<a href=/", ">x</a>", 200'000); }},
      {"LinkedHeadlines", [] { return Fill("<h2><a href=/a>A headline of some other article</a></h2>"); }},
      {"Times", [] { return Numbered("<time datetime='2025-01-01T", "'>x</time>", 60'000); }},
      {"Metas", [] { return Numbered("<meta name=date content='", "'>", 80'000); }},
      {"StrayEndTags", [] { return "<p>" + Fill("a</x>"); }},
      {"Comments", [] { return "<p>" + Fill("a<!---->"); }},
      {"OpenAngles", [] { return "<p>" + Fill("<"); }},
      {"FosteredText", [] { return "<table>" + Fill("a<tr>"); }},
      {"LongText", [] { return "<article><p>" + Fill("Words, and words. "); }},
      {"LongWord", [] { return "<article><p>" + Fill("x"); }},
      {"Spaces", [] { return "<article><p>" + Fill(" ") + "x"; }},
      {"Cjk", [] { return "<article><p>" + Fill("東京"); }},
      {"Thai", [] { return "<article><p>" + Fill("กรุงเทพมหานคร"); }},
      {"Burmese", [] { return "<article><p>" + Fill("မြန်မာ"); }},
      {"CombiningMarks",
       [] {
         return "<meta name=description content='" + std::string(60, 'x') + "'><article><p>a" + Fill("\u0301\u0316");
       }},
      {"Copyrights", [] { return "<article>" + std::string(kProse) + Fill("<p>© 2025 AFP</p>"); }},
      {"Bys", [] { return "<article>" + std::string(kProse) + Fill("<p class=byline>By By By</p>"); }},
      {"Breaks", [] { return "<article><p>" + Fill("x<br>"); }},
      {"Cells", [] { return "<table><tr>" + Fill("<td>x"); }},
      {"NestedTables", [] { return Fill("<table><tr><td>"); }},
      {"BaseHref", [] { return "<base href='/" + Fill("a") + "'>" + Numbered("<a href=", ">x</a>", 20'000); }},
      {"FeedTitles", [] { return "<rss>" + Fill("<item><link>mailto:a</link><title>&lt;</title></item>"); }, kRss},
      {"FeedTitlesOfOne", [] { return "<rss><item>" + Fill("<title>&lt;p></title>"); }, kRss},
      {"FeedDoctypes", [] { return "<rss>" + Fill("<!DOCTYPE a>"); }, kRss},
      {"FeedCdata", [] { return "<rss>" + Fill("<![CDATA[a]]>"); }, kRss},
      {"FeedLinksOfOne",
       [] {
         const std::string attributes = Numbered("a", "=\"\" ", 200);
         return "<rss>" + Nest("<channel " + attributes + ">", 240, "<item>") + Fill("<link>/a</link>");
       },
       kRss},
      {"FeedNamespaces",
       [] {
         std::string page = "<rss>";
         for (int depth = 0; depth < 240; ++depth) {
           page += "<a " + Numbered("xmlns:n" + std::to_string(depth) + "x", "='u' ", 200) + ">";
         }
         return page + Fill("<b/>");
       },
       kRss},
      {"FeedEnclosures", [] { return "<rss><item>" + Fill("<guid>http://a/</guid>"); }, kRss},
      {"Sitemap", [] { return "<urlset>" + Fill("<url><loc>https://a.example/</loc></url>"); }, kRss},
  };
  return *kPages;
}

class HostilePagesTest : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostilePagesTest, EndQuickly) {
  const std::string bytes = GetParam().make();
  const auto start = std::chrono::steady_clock::now();
  const ParsedPage parsed = ParsePageContent({.url = "https://outlet.example/story",
                                              .bytes = bytes,
                                              .content_type = GetParam().content_type,
                                              .fetched_time = absl::FromUnixSeconds(1'750'000'000)});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  EXPECT_NE(parsed.outcome, article::OutcomeKind::kNone);
}

INSTANTIATE_TEST_SUITE_P(All, HostilePagesTest, ::testing::ValuesIn(Pages()),
                         [](const ::testing::TestParamInfo<Hostile>& page) { return page.param.name; });

}  // namespace
}  // namespace kawat::parse
