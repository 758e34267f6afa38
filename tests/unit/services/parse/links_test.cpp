#include "services/parse/links.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kawat::parse {
namespace {

using article::Link;
using article::LinkKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<Link> Links(std::string_view html, std::string_view page = "https://www.outlet.example/news/story") {
  const html::Document document = html::Document::Parse(html, "text/html");
  return LinksOfPage(extract::GatherFacts(document), url::Url::Parse(page).value(), 1);
}

TEST(LinksTest, FollowsWithinTheRegistrableDomain) {
  EXPECT_THAT(Links("<a href='/a'>a</a><a href='//m.outlet.example/b?utm_source=x#y'>b</a><a "
                    "href='https://other.example/c'>c</a>"),
              ElementsAre(Link{.url = "https://www.outlet.example/a", .kind = LinkKind::kPage, .depth = 2},
                          Link{.url = "https://m.outlet.example/b", .kind = LinkKind::kPage, .depth = 2}));
}

TEST(LinksTest, AnnouncedFeedsAreFeeds) {
  EXPECT_THAT(Links("<link rel='alternate' type='application/rss+xml' href='/feed.rss'><link rel='alternate' "
                    "hreflang='id' href='/id'>"),
              ElementsAre(Link{.url = "https://www.outlet.example/feed.rss", .kind = LinkKind::kFeed, .depth = 2}));
}

TEST(LinksTest, EachPageOnceAndNeverItself) {
  EXPECT_EQ(Links("<a href='/a'>1</a><a href='/a#x'>2</a><a href='/news/story'>self</a><a href='#top'>top</a>").size(),
            1U);
}

TEST(LinksTest, LeavesOutWhatIsNoPage) {
  EXPECT_THAT(
      Links(
          "<a href='/a.JPG'>1</a><a href='mailto:a@b.example'>2</a><a href='javascript:x()'>3</a><a href='tel:1'>4</a>"
          "<a href='/b.pdf'>5</a><a href='http://'>6</a>"),
      IsEmpty());
}

TEST(LinksTest, ResolvesAgainstTheBase) {
  EXPECT_THAT(Links("<base href='/archive/'><a href='x'>x</a>"),
              ElementsAre(Link{.url = "https://www.outlet.example/archive/x", .kind = LinkKind::kPage, .depth = 2}));
}

TEST(LinksTest, ManyLinksAreCut) {
  std::string html;
  for (std::size_t i = 0; i < kMaxPageLinks + 10; ++i) {
    html += "<a href='/" + std::to_string(i) + "'>x</a>";
  }
  EXPECT_EQ(Links(html).size(), kMaxPageLinks);
}

TEST(LinksTest, PagesMayForbidFollowing) {
  const html::Document document = html::Document::Parse("<meta name=robots content='noindex, NoFollow'>", "text/html");
  EXPECT_TRUE(ForbidsFollowing(extract::GatherFacts(document), ""));
  EXPECT_TRUE(ForbidsFollowing({}, "none"));
  EXPECT_FALSE(ForbidsFollowing({}, "noarchive"));
}

}  // namespace
}  // namespace kawat::parse
