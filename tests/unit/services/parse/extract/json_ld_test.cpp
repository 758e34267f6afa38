#include "services/parse/extract/json_ld.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/utf8.h"

namespace kawat::parse::extract {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kPage = "https://outlet.example/news/harbour-opens-again";

JsonLdArticle Read(std::string_view script) { return ReadJsonLd({script}, kPage); }

TEST(JsonLdTest, ReadsAnArticle) {
  const JsonLdArticle article =
      Read(R"({"@context":"https://schema.org","@type":"NewsArticle","headline":"Harbour opens again",
      "datePublished":"2025-03-01T08:00:00Z","dateModified":"2025-03-01T09:00:00Z","author":[{"@type":"Person","name":"Ana Sari"},
      {"@type":"Person","name":"Ben Oto"}],"articleSection":["Trade","World"],"image":{"@type":"ImageObject","url":"https://outlet.example/h.jpg"},
      "publisher":{"name":"The Outlet"},"articleBody":"Ships came in."})");
  EXPECT_TRUE(article.found);
  EXPECT_EQ(article.type, "NewsArticle");
  EXPECT_EQ(article.headline, "Harbour opens again");
  EXPECT_EQ(article.date_published, "2025-03-01T08:00:00Z");
  EXPECT_EQ(article.date_modified, "2025-03-01T09:00:00Z");
  EXPECT_THAT(article.authors, ElementsAre("Ana Sari", "Ben Oto"));
  EXPECT_EQ(article.section, "Trade");
  EXPECT_EQ(article.image, "https://outlet.example/h.jpg");
  EXPECT_EQ(article.publisher, "The Outlet");
  EXPECT_EQ(article.body, "Ships came in.");
}

TEST(JsonLdTest, FollowsIdsInAGraph) {
  const JsonLdArticle article = Read(R"({"@graph":[{"@type":["Article","Thing"],"headline":"H","author":{"@id":"#p1"}},
      {"@type":"Person","@id":"#p1","name":"Cita Dewi"},{"@type":"WebPage","datePublished":"2001-01-01"}]})");
  EXPECT_EQ(article.headline, "H");
  EXPECT_THAT(article.authors, ElementsAre("Cita Dewi"));
}

TEST(JsonLdTest, OfSeveralArticlesTakesThePagesOwn) {
  const JsonLdArticle article =
      Read(R"([{"@type":"NewsArticle","headline":"Another","url":"https://outlet.example/news/another-story-entirely"},
      {"@type":"NewsArticle","headline":"Own","url":"https://outlet.example/news/harbour-opens-again"}])");
  EXPECT_EQ(article.headline, "Own");
}

TEST(JsonLdTest, ReadsBrokenJson) {
  const std::string script =
      "//<![CDATA[\n{\"@type\":\"NewsArticle\",\"headline\":\"It\\'s\tbroken &amp; "
      "read\",\"articleBody\":\"One\nTwo\",}\n//]]>";
  const JsonLdArticle article = Read(script);
  EXPECT_EQ(article.headline, "It's broken & read");
  EXPECT_EQ(article.body, "One\nTwo");
}

TEST(JsonLdTest, GarbageAndDeepNestingAreNothing) {
  EXPECT_FALSE(Read("not json {").found);
  EXPECT_FALSE(Read("").found);
  EXPECT_FALSE(Read(std::string(100'000, '[')).found);
  EXPECT_FALSE(Read(R"({"@type":{"@type":[1,2,null]},"headline":5})").found);
}

TEST(JsonLdTest, HalvesOfCharactersDoNotGetThrough) {
  for (const char* headline : {R"(a\ud800b)", R"(a\udc00b)", R"(a\ud800\ud800b)", R"(\ud800)"}) {
    const JsonLdArticle article =
        Read(R"({"@type":"NewsArticle","headline":")" + std::string(headline) + R"(","author":")" + headline + "\"}");
    EXPECT_TRUE(base::IsValidUtf8(article.headline)) << headline;
    for (const std::string& author : article.authors) {
      EXPECT_TRUE(base::IsValidUtf8(author)) << headline;
    }
  }
}

TEST(JsonLdTest, SaysWhenThePageIsAList) {
  EXPECT_TRUE(Read(R"({"@type":"CollectionPage","name":"World"})").is_list);
  EXPECT_FALSE(Read(R"({"@type":"NewsArticle"})").is_list);
}

}  // namespace
}  // namespace kawat::parse::extract
