#include "services/parse/extract/canonical.h"

#include <gtest/gtest.h>

namespace kawat::parse::extract {
namespace {

std::string Find(std::string_view head, std::string_view page) {
  const html::Document document = html::Document::Parse(head, "text/html");
  return FindCanonicalUrl(GatherFacts(document), url::Url::Parse(page).value()).url;
}

TEST(CanonicalTest, BelievesThePageOnItsOwnDomain) {
  EXPECT_EQ(Find(R"(<link rel="canonical" href="https://www.outlet.example/story?utm_source=x#top">)",
                 "https://m.outlet.example/amp/story"),
            "https://www.outlet.example/story");
  EXPECT_EQ(Find(R"(<link rel=canonical href="/story">)", "https://outlet.example/story?page=2"),
            "https://outlet.example/story");
  EXPECT_EQ(Find(R"(<meta property="og:url" content="https://outlet.example/s">)", "https://outlet.example/s?x=1"),
            "https://outlet.example/s");
}

TEST(CanonicalTest, DoesNotBelieveAnotherDomainOrTheFrontPage) {
  EXPECT_EQ(Find(R"(<link rel="canonical" href="https://other.example/story">)", "https://outlet.example/story"),
            "https://outlet.example/story");
  EXPECT_EQ(Find(R"(<link rel="canonical" href="https://outlet.example/">)", "https://outlet.example/story"),
            "https://outlet.example/story");
  EXPECT_EQ(Find(R"(<link rel="canonical" href="mailto:x@outlet.example">)", "https://outlet.example/story"),
            "https://outlet.example/story");
}

}  // namespace
}  // namespace kawat::parse::extract
