#include "services/parse/extract/authors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kawat::parse::extract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Authors Find(std::string_view html) {
  static html::Document document = html::Document::Parse("", "");
  document = html::Document::Parse(html, "text/html; charset=utf-8");
  const PageFacts facts = GatherFacts(document);
  return FindAuthors(ReadJsonLd(facts.json_ld, "https://outlet.example/a"), facts, document.body());
}

TEST(AuthorsTest, CleansNames) {
  EXPECT_THAT(CleanNames({"By Ana Sari and Ben Oto, Senior Reporter"}), ElementsAre("Ana Sari", "Ben Oto"));
  EXPECT_THAT(CleanNames({"Oleh: Cita Dewi", "von Dirk Eck & Fay Gray", "Cita Dewi"}),
              ElementsAre("Cita Dewi", "Dirk Eck", "Fay Gray"));
  EXPECT_THAT(CleanNames({"https://social.example/ana", "desk@outlet.example", "@ana", "admin", "null"}), IsEmpty());
  EXPECT_THAT(CleanNames({"山田太郎、佐藤花子"}), ElementsAre("山田太郎", "佐藤花子"));
}

TEST(AuthorsTest, JsonLdComesBeforeMetaBeforeByline) {
  const std::string meta = R"(<meta name="author" content="Ben Oto">)";
  const std::string byline = R"(<div class="byline">By <a href="/x">Cita Dewi</a></div>)";
  const std::string json_ld =
      R"(<script type="application/ld+json">{"@type":"NewsArticle","author":{"name":"Ana Sari"}}</script>)";
  EXPECT_THAT(Find(meta + json_ld + byline).names, ElementsAre("Ana Sari"));
  EXPECT_THAT(Find(meta + byline).names, ElementsAre("Ben Oto"));
  EXPECT_THAT(Find(byline).names, ElementsAre("Cita Dewi"));
  EXPECT_THAT(Find("<p>no one</p>").names, IsEmpty());
}

}  // namespace
}  // namespace kawat::parse::extract
