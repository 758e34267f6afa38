// Which sources are accepted, and what is theirs.
#include "services/fetch/source_book.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/support/status.h"

namespace kawat::fetch {
namespace {

using article::LinkKind;
using article::Source;

Source Valid() {
  return {.id = "a", .name = "A", .homepage_url = "https://a.example/", .feed_urls = {"https://a.example/feed"}};
}

struct Case {
  const char* field;  // that the error names
  std::function<void(Source&)> change;
};

TEST(ValidateSourceTest, AcceptsTheLimitsThemselves) {
  ASSERT_OK(ValidateSource(Valid()));
  const Case cases[] = {
      {"id", [](Source& s) { s.id = std::string(64, 'a'); }},
      {"name", [](Source& s) { s.name = std::string(200, 'n'); }},
      {"group", [](Source& s) { s.group = std::string(200, 'g'); }},
      {"homepage_url", [](Source& s) { s.homepage_url.clear(); }},
      {"feed_urls", [](Source& s) { s.feed_urls.assign(100, "https://a.example/feed"); }},
      {"country", [](Source& s) { s.country = "id"; }},
      {"time_zone", [](Source& s) { s.time_zone = "Asia/Jakarta"; }},
      {"min_delay", [](Source& s) { s.min_delay = absl::Hours(1); }},
      {"poll_interval", [](Source& s) { s.poll_interval = absl::Seconds(1); }},
      {"poll_interval", [](Source& s) { s.poll_interval = absl::Hours(720); }},
      {"max_depth", [](Source& s) { s.max_depth = -1; }},
      {"max_depth", [](Source& s) { s.max_depth = kMaxDepthLimit; }},
  };
  for (const Case& each : cases) {
    Source source = Valid();
    each.change(source);
    EXPECT_OK(ValidateSource(source)) << each.field;
  }
}

TEST(ValidateSourceTest, NamesTheFieldThatIsWrong) {
  const Case cases[] = {
      {"id", [](Source& s) { s.id.clear(); }},
      {"id", [](Source& s) { s.id = std::string(65, 'a'); }},
      {"id", [](Source& s) { s.id = "A/b"; }},
      {"name", [](Source& s) { s.name.clear(); }},
      {"name", [](Source& s) { s.name = std::string(201, 'n'); }},
      {"group", [](Source& s) { s.group = std::string(201, 'g'); }},
      {"homepage_url", [](Source& s) { s.homepage_url = "ftp://a.example/"; }},
      {"feed_urls", [](Source& s) { s.feed_urls = {"feed"}; }},
      {"feed_urls", [](Source& s) { s.feed_urls.assign(101, "https://a.example/feed"); }},
      {"feed_urls", [](Source& s) { s = {.id = "a", .name = "A"}; }},
      {"sitemap_urls", [](Source& s) { s.sitemap_urls = {""}; }},
      {"language", [](Source& s) { s.language = std::string(36, 'e'); }},
      {"name", [](Source& s) { s.name = "A\nB"; }},
      {"group", [](Source& s) { s.group = "\x1b[31m"; }},
      {"language", [](Source& s) { s.language = "id\nen"; }},
      {"language", [](Source& s) { s.language = "i"; }},
      {"language", [](Source& s) { s.language = "id-"; }},
      {"language", [](Source& s) { s.language = "indonesian"; }},
      {"country", [](Source& s) { s.country = "idn"; }},
      {"country", [](Source& s) { s.country = "\n1"; }},
      {"country", [](Source& s) { s.country = "ID"; }},
      {"time_zone", [](Source& s) { s.time_zone = "Jakarta"; }},
      {"time_zone", [](Source& s) { s.time_zone = "libc:localtime"; }},
      {"time_zone", [](Source& s) { s.time_zone = "../Asia/Jakarta"; }},
      {"min_delay", [](Source& s) { s.min_delay = absl::Hours(1) + absl::Seconds(1); }},
      {"min_delay", [](Source& s) { s.min_delay = -absl::Seconds(1); }},
      {"poll_interval", [](Source& s) { s.poll_interval = absl::Milliseconds(999); }},
      {"poll_interval", [](Source& s) { s.poll_interval = absl::Hours(721); }},
      {"max_depth", [](Source& s) { s.max_depth = -2; }},
      {"max_depth", [](Source& s) { s.max_depth = kMaxDepthLimit + 1; }},
  };
  for (const Case& each : cases) {
    Source source = Valid();
    each.change(source);
    const absl::Status status = ValidateSource(source);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << each.field;
    EXPECT_NE(status.message().find(std::string("source.") + each.field), std::string_view::npos) << status;
  }
}

TEST(SourceBookTest, PortsOfOtherProtocolsAreForTheSourcesOwnUrlsAlone) {
  SourceBook book({});
  const Source source{.id = "a", .name = "A", .feed_urls = {"https://a.example:81/feed"}};
  book.Put(source);
  EXPECT_TRUE(book.Accepts(source, "a.example:81", LinkKind::kEntry, 0));
  EXPECT_TRUE(book.Accepts(source, "b.example:8080", LinkKind::kEntry, 0));
  EXPECT_TRUE(book.Accepts(source, "b.example:80", LinkKind::kEntry, 0));
  EXPECT_TRUE(book.Accepts(source, "[2001:db8::25]", LinkKind::kEntry, 0));
  EXPECT_FALSE(book.Accepts(source, "b.example:25", LinkKind::kEntry, 0));
  EXPECT_FALSE(book.Accepts(source, "a.example:25", LinkKind::kSitemap, 0));
  EXPECT_TRUE(book.Accepts(source, "a.example:25", LinkKind::kSubmitted, 0));
  EXPECT_FALSE(book.Accepts(source, "[2001:db8::1]:25", LinkKind::kRedirect, 0));
}

TEST(SourceBookTest, AHostIsOfTheSourceWithinWhoseDomainItLies) {
  SourceBook book({});
  book.Put(Valid());
  book.Put({.id = "b", .name = "B", .feed_urls = {"https://feeds.a.example/b", "https://b.example:8443/feed"}});
  EXPECT_EQ(book.OwnerOf("www.a.example", "")->id, "a");
  EXPECT_EQ(book.OwnerOf("www.a.example:8080", "b")->id, "b");
  EXPECT_EQ(book.OwnerOf("b.example", "a")->id, "b");
  EXPECT_EQ(book.OwnerOf("c.example", ""), nullptr);
  EXPECT_EQ(book.WithSeed("https://a.example/feed", "b")->id, "a");
  EXPECT_EQ(book.WithSeed("https://a.example/feed", "a"), nullptr);

  book.Remove("a");
  EXPECT_EQ(book.Find("a"), nullptr);
  EXPECT_EQ(book.OwnerOf("www.a.example", "")->id, "b");
  book.Put({.id = "b", .name = "B", .feed_urls = {"https://c.example/feed"}});
  EXPECT_EQ(book.OwnerOf("www.a.example", ""), nullptr);
  EXPECT_EQ(book.OwnerOf("c.example", "")->id, "b");
}

TEST(SourceBookTest, TheLongestDelayOfItsSourcesHoldsForAHost) {
  SourceBook book({.delay = absl::Seconds(1), .poll_interval = absl::Seconds(60)});
  Source a = Valid();
  a.min_delay = absl::Seconds(2);
  a.poll_interval = absl::Seconds(5);
  book.Put(a);
  Source b = Valid();
  b.id = "b";
  b.min_delay = absl::Seconds(3);
  book.Put(b);
  EXPECT_EQ(book.DelayOf("a.example"), absl::Seconds(3));
  EXPECT_EQ(book.DelayOf("elsewhere.example"), absl::Seconds(1));
  EXPECT_EQ(book.PollIntervalOf("a"), absl::Seconds(5));
  EXPECT_EQ(book.PollIntervalOf("b"), absl::Seconds(60));
}

TEST(SourceBookTest, LinksStayWithinDomainsAndDepthAndWhatIsToldMayLeadAnywhere) {
  SourceBook book({.max_depth = 3});
  book.Put(Valid());
  const struct {
    const char* host;
    LinkKind kind;
    int max_depth, depth;
    bool accepted;
  } cases[] = {
      {"a.example", LinkKind::kPage, 0, 3, true},       {"a.example", LinkKind::kPage, 0, 4, false},
      {"a.example", LinkKind::kPage, 5, 5, true},       {"a.example", LinkKind::kPage, -1, 0, false},
      {"b.example", LinkKind::kPage, 0, 1, false},      {"b.example", LinkKind::kEntry, 0, 9, true},
      {"b.example", LinkKind::kRedirect, 0, 9, true},   {"a.example", LinkKind::kSubmitted, -1, 0, true},
      {"b.example", LinkKind::kSubmitted, 0, 0, false}, {"a.example", LinkKind::kFeed, 0, 1, true},
      {"a.example", LinkKind::kFeed, 0, 2, false},      {"a.example", LinkKind::kFeed, -1, 1, false},
  };
  for (const auto& each : cases) {
    Source source = Valid();
    source.max_depth = each.max_depth;
    EXPECT_EQ(book.Accepts(source, each.host, each.kind, each.depth), each.accepted)
        << each.host << ", kind " << static_cast<int>(each.kind) << ", depth " << each.depth << " of "
        << each.max_depth;
  }
}

}  // namespace
}  // namespace kawat::fetch
