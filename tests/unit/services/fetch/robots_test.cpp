#include "services/fetch/robots.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace kawat::fetch {
namespace {

Robots Read(std::string_view text) { return Robots::Parse(text, kProductToken); }

TEST(RobotsTest, AllowsEverythingWithoutRules) {
  EXPECT_TRUE(Robots().Allows("/a"));
  EXPECT_TRUE(Read("").Allows("/a"));
  EXPECT_TRUE(Read("<html><body>404</body></html>").Allows("/a"));
  EXPECT_TRUE(Read("User-agent: *\nDisallow:\n").Allows("/a"));
}

// RFC 9309 section 5.1.
constexpr std::string_view kSimple =
    "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n"
    "User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n"
    "User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\n"
    "User-Agent: quxbot\n\nEOF";

TEST(RobotsTest, FollowsTheSimpleExampleOfTheRfc) {
  const Robots any = Robots::Parse(kSimple, "kawat");
  EXPECT_FALSE(any.Allows("/picture.gif"));
  EXPECT_TRUE(any.Allows("/picture.gif?x"));
  EXPECT_FALSE(any.Allows("/example/page.html"));
  EXPECT_TRUE(any.Allows("/publications/1"));
  const Robots foo = Robots::Parse(kSimple, "FooBot");
  EXPECT_FALSE(foo.Allows("/"));
  EXPECT_TRUE(foo.Allows("/example/page.html"));
  EXPECT_TRUE(foo.Allows("/example/allowed.gif"));
  for (const char* bot : {"barbot", "bazbot"}) {
    EXPECT_FALSE(Robots::Parse(kSimple, bot).Allows("/example/page.html")) << bot;
    EXPECT_TRUE(Robots::Parse(kSimple, bot).Allows("/example/other.gif")) << bot;
  }
  EXPECT_TRUE(Robots::Parse(kSimple, "quxbot").Allows("/example/page.html"));
}

TEST(RobotsTest, TheLongestMatchDecides) {  // RFC 9309 section 5.2
  const Robots robots =
      Read("User-Agent: kawat\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\nDisallow: /example/\n");
  EXPECT_TRUE(robots.Allows("/example/page/a"));
  EXPECT_FALSE(robots.Allows("/example/page/disallowed.gif"));
  EXPECT_FALSE(robots.Allows("/example/b"));
}

TEST(RobotsTest, AllowWinsAmongEquals) {
  EXPECT_TRUE(Read("user-agent: *\ndisallow: /page\nallow: /page\n").Allows("/page"));
  EXPECT_TRUE(Read("user-agent: *\nallow: /page\ndisallow: /page\n").Allows("/page"));
}

TEST(RobotsTest, UnderstandsWildcardsAndEnds) {
  const Robots robots = Read("user-agent: *\ndisallow: /*/print$\ndisallow: /a*b*c\ndisallow: /end$\ndisallow: /x*$\n");
  EXPECT_FALSE(robots.Allows("/2026/print"));
  EXPECT_TRUE(robots.Allows("/2026/print/1"));
  EXPECT_FALSE(robots.Allows("/a-b-c-d"));
  EXPECT_TRUE(robots.Allows("/a-c-b"));
  EXPECT_FALSE(robots.Allows("/end"));
  EXPECT_TRUE(robots.Allows("/end/"));
  EXPECT_FALSE(robots.Allows("/xyz"));
}

TEST(RobotsTest, AnEndAfterAStarMayNotOverlapWhatWasMatched) {
  EXPECT_TRUE(Read("user-agent: *\ndisallow: /ab*ab$\n").Allows("/ab"));
  EXPECT_FALSE(Read("user-agent: *\ndisallow: /ab*ab$\n").Allows("/abab"));
}

TEST(RobotsTest, ComparesPercentEncodingByValue) {  // RFC 9309 section 2.2.2
  EXPECT_FALSE(Read("user-agent: *\ndisallow: /foo/bar/ツ\n").Allows("/foo/bar/%E3%83%84"));
  EXPECT_FALSE(Read("user-agent: *\ndisallow: /foo/bar/%E3%83%84\n").Allows("/foo/bar/%e3%83%84"));
  EXPECT_FALSE(Read("user-agent: *\ndisallow: /foo/bar/%62%61%7A\n").Allows("/foo/bar/baz"));
  EXPECT_TRUE(Read("user-agent: *\ndisallow: /a%2Fb\n").Allows("/a/b"));
}

TEST(RobotsTest, JoinsGroupsOfItsOwnAndIgnoresTheOthers) {
  const Robots robots = Read(
      "User-agent: *\nDisallow: /\n\nUser-agent: KAWAT/1.0\nDisallow: /a\n\nUser-agent: other\nDisallow: /c\n\n"
      "User-agent: kawat\nDisallow: /b\n");
  EXPECT_FALSE(robots.Allows("/a"));
  EXPECT_FALSE(robots.Allows("/b"));
  EXPECT_TRUE(robots.Allows("/c"));
}

TEST(RobotsTest, AnotherProductsPrefixIsNotItsName) {
  EXPECT_TRUE(Read("User-agent: kawat-images\nDisallow: /\n").Allows("/a"));
  EXPECT_TRUE(Read("User-agent: kaw\nDisallow: /\n").Allows("/a"));
}

TEST(RobotsTest, OtherRecordsDoNotEndAGroup) {
  const Robots robots = Read("User-agent: kawat\nSitemap: https://a.example/s.xml\nfoo: bar\nnonsense\nDisallow: /a\n");
  EXPECT_FALSE(robots.Allows("/a"));
}

TEST(RobotsTest, ReadsAllLineEndsCommentsAndAByteOrderMark) {
  EXPECT_FALSE(Read("\xEF\xBB\xBFUser-agent: *\rDisallow: /a # why\r\n").Allows("/a"));
  EXPECT_TRUE(Read("User-agent: *\n#Disallow: /a\n").Allows("/a"));
}

TEST(RobotsTest, RulesBeforeAnyGroupCountForNobody) { EXPECT_TRUE(Read("Disallow: /\n").Allows("/a")); }

TEST(RobotsTest, RobotsTxtItselfIsAlwaysAllowed) {
  EXPECT_TRUE(Read("User-agent: *\nDisallow: /\n").Allows("/robots.txt"));
}

TEST(RobotsTest, RulesBeyondTheLimitOfWildcardsForbidMoreNeverLess) {
  std::string text = "user-agent: *\n";
  for (std::size_t i = 0; i < kMaxRobotsWildcards; ++i) {
    absl::StrAppend(&text, "disallow: /list/*", i, "$\n");
  }
  absl::StrAppend(&text, "disallow: /a/*print\nallow: /a/*print/free\n");
  const Robots robots = Read(text);
  EXPECT_FALSE(robots.Allows("/list/x1999"));
  EXPECT_FALSE(robots.Allows("/a/1/print"));
  EXPECT_FALSE(robots.Allows("/a/1/print/free"));
  EXPECT_FALSE(robots.Allows("/a/1"));
  EXPECT_TRUE(robots.Allows("/b"));
}

// The worst that fits into a robots.txt: each rule reads the whole path in vain.
TEST(RobotsTest, NoRobotsTxtMakesJudgingDear) {
  std::string text = "user-agent: *\n";
  while (text.size() < kMaxRobotsBytes) {
    absl::StrAppend(&text, "Disallow: /x*aaaaaaab\n");
  }
  const Robots robots = Read(text);
  EXPECT_LE(robots.Cost(1900), 5'000'000u);
  EXPECT_TRUE(robots.Allows(absl::StrCat("/", std::string(1900, 'a'))));
}

TEST(RobotsTest, ReadsItsOwnTextAsTheSameRules) {
  std::string text =
      "user-agent: *\ncrawl-delay: 2.501\ndisallow: /a b\nallow: /\xE3\x83\x84$\ndisallow: *\ndisallow: /%2a*x\n";
  for (std::size_t i = 0; i < kMaxRobotsWildcards; ++i) {
    absl::StrAppend(&text, "disallow: *z", i, "*q\n");
  }
  const std::string once = Read(text).ToText();
  EXPECT_GT(once.size(), 20'000u);
  EXPECT_EQ(Robots::FromText(once, kProductToken).ToText(), once);
  EXPECT_EQ(Robots::FromText(once, kProductToken).crawl_delay(), absl::Milliseconds(2501));
  const std::string long_one = absl::StrCat("user-agent: *\n", std::string(kMaxRobotsBytes, '#'), "\ndisallow: /a\n");
  EXPECT_FALSE(Robots::FromText(long_one, kProductToken).Allows("/a"));
}

TEST(RobotsTest, CrawlDelayHasALimit) {
  EXPECT_EQ(Read("user-agent: *\ncrawl-delay: 2.5\n").crawl_delay(), absl::Milliseconds(2500));
  EXPECT_EQ(Read("user-agent: *\ncrawl-delay: 86400\n").crawl_delay(), kMaxCrawlDelay);
  EXPECT_EQ(Read("user-agent: *\ncrawl-delay: inf\n").crawl_delay(), kMaxCrawlDelay);
  EXPECT_EQ(Read("user-agent: *\ncrawl-delay: -1\n").crawl_delay(), std::nullopt);
  EXPECT_EQ(Read("user-agent: *\ncrawl-delay: nan\n").crawl_delay(), std::nullopt);
  EXPECT_EQ(Read("user-agent: kawat\ndisallow: /x\nuser-agent: *\ncrawl-delay: 9\n").crawl_delay(), std::nullopt);
}

TEST(RobotsTest, ReadsNoFurtherThanItsLimit) {
  const std::string filler(kMaxRobotsBytes, '#');
  EXPECT_TRUE(Read(absl::StrCat(filler, "\nUser-agent: *\nDisallow: /a\n")).Allows("/a"));
}

}  // namespace
}  // namespace kawat::fetch
