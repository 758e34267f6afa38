#include "services/parse/extract/body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kawat::parse::extract {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kFirst =
    "The harbour of the old town opened again on Monday, a year after the storm had closed it, and the first ships "
    "came in before noon.";
constexpr std::string_view kSecond =
    "Fishermen had waited for the day with patience, said the harbour master, who had counted every week of the long "
    "repairs herself.";
constexpr std::string_view kThird =
    "The town council wants to rebuild the market hall next, and has asked the province for money, which it may get "
    "before the summer.";

std::string Paragraph(std::string_view text) { return "<p>" + std::string(text) + "</p>"; }
std::string ThreeParagraphs() { return Paragraph(kFirst) + Paragraph(kSecond) + Paragraph(kThird); }

Body Extract(const std::string& html, const BodyHints& hints = {}) {
  const html::Document document = html::Document::Parse("<body>" + html + "</body>", "text/html; charset=utf-8");
  return ExtractBody(MakeOutline(document), hints);
}

const auto kIsWhole = ElementsAre(kFirst, kSecond, kThird);

TEST(BodyTest, TakesTheNamedContainer) {
  const Body body = Extract(
      "<div class='teaser-list'><p>Elsewhere a bridge was closed for repairs that nobody had announced.</p></div>"
      "<div class='article-body'>" +
      ThreeParagraphs() + "</div><footer><p>All about us and our company, since 1950.</p></footer>");
  EXPECT_THAT(body.paragraphs, kIsWhole);
  EXPECT_THAT(body.rule, HasSubstr("article's body"));
}

TEST(BodyTest, FindsTheDensestBlockWithoutNames) {
  EXPECT_THAT(
      Extract("<div><div><a href='/1'>One</a> <a href='/2'>Two</a></div><div>" + ThreeParagraphs() + "</div></div>")
          .paragraphs,
      kIsWhole);
}

TEST(BodyTest, DropsFurnitureInsideTheText) {
  const std::string furniture =
      "<aside><p>Read our long report about other harbours of this coast, too, today.</p></aside>"
      "<div class='newsletter-signup'><p>Get the news of the coast every morning, free of charge, by letter.</p></div>"
      "<figure><img><figcaption>The harbour, seen from the hill. Photo: Ana Sari, The Outlet.</figcaption></figure>"
      "<div class='ad-slot'><p>Advertisement</p></div><p>Advertisement</p><p>Baca juga: <a href='/x'>Kapal "
      "pertama</a></p>"
      "<ul class='share-tools'><li>Share</li></ul><p style='display:none'>This sentence is not for readers, but for "
      "machines alone.</p>";
  EXPECT_THAT(
      Extract("<article>" + Paragraph(kFirst) + furniture + Paragraph(kSecond) + Paragraph(kThird) + "</article>")
          .paragraphs,
      kIsWhole);
}

TEST(BodyTest, DropsReadersComments) {
  std::string comments = "<section id='comments'>";
  for (int i = 0; i < 5; ++i) {
    comments += "<p>I have my own opinion of this harbour, and it is a long one, number " + std::to_string(i) +
                ", as you can see.</p>";
  }
  EXPECT_THAT(Extract("<main>" + ThreeParagraphs() + comments + "</section></main>").paragraphs, kIsWhole);
}

TEST(BodyTest, ANameThatCondemnsTheWholeTextIsNotBelieved) {
  EXPECT_THAT(Extract("<div class='page sidebar-layout widget'><div class='share-wrapper'>" + ThreeParagraphs() +
                      "</div></div>")
                  .paragraphs,
              kIsWhole);
}

TEST(BodyTest, JoinsATextThatIsSplitIntoParts) {
  EXPECT_THAT(Extract("<div><div class='story-text'>" + Paragraph(kFirst) +
                      "</div><div class='ad'>Advertisement</div><div class='story-text'>" + Paragraph(kSecond) +
                      Paragraph(kThird) + "</div></div>")
                  .paragraphs,
              kIsWhole);
}

TEST(BodyTest, TheTitleIsNoParagraph) {
  const Body body = Extract("<article><p>World</p><h1>Harbour opens again</h1>" + ThreeParagraphs() +
                                "<h2>Harbour opens “again”</h2></article>",
                            {.titles = {"Harbour opens again"}});
  EXPECT_THAT(body.paragraphs, kIsWhole);
  EXPECT_EQ(body.first_heading, "Harbour opens again");
}

TEST(BodyTest, KeepsHeadingsAndListsOfTheText) {
  const Body body = Extract("<article>" + Paragraph(kFirst) + "<h2>What comes next</h2>" + Paragraph(kSecond) +
                            "<ul><li>A new quay for the ferries of the islands.</li><li>A light.</li></ul>" +
                            Paragraph(kThird) + "</article>");
  EXPECT_THAT(body.paragraphs, ElementsAre(kFirst, "What comes next", kSecond,
                                           "A new quay for the ferries of the islands.", "A light.", kThird));
}

TEST(BodyTest, HeadingsOfLinkListsGoWithTheLinks) {
  const Body body =
      Extract("<article>" + ThreeParagraphs() +
              "<h3>You may like</h3><ul><li><a href='/1'>A bridge was closed without notice</a></li></ul></article>");
  EXPECT_THAT(body.paragraphs, kIsWhole);
}

TEST(BodyTest, LineBreaksSeparateParagraphs) {
  const std::string text = std::string(kFirst) + "<br><br>" + std::string(kSecond) + "<br>" + std::string(kThird);
  const Body body = Extract("<div class='article-text'>" + text + "</div>");
  EXPECT_THAT(body.paragraphs, ElementsAre(kFirst, std::string(kSecond) + "\n" + std::string(kThird)));
}

TEST(BodyTest, ARowOfATableIsALine) {
  const Body body = Extract("<article>" + ThreeParagraphs() +
                            "<table><tr><td>Ferry</td><td>12</td></tr><tr><td>Barge</td><td>3</td></tr></table>" +
                            Paragraph(kFirst.substr(4)) + "</article>");
  EXPECT_THAT(body.paragraphs, Contains("Ferry 12"));
}

TEST(BodyTest, PutsTheVisibleStandfirstFirst) {
  const std::string standfirst =
      "A year of repairs has ended, and the town looks ahead to a better summer than the last.";
  const std::string html = "<header class='top'><h1>Harbour</h1><p class='lead'>" + standfirst +
                           "</p></header><div class='article-body'>" + ThreeParagraphs() + "</div>";
  EXPECT_THAT(Extract(html, {.description = standfirst}).paragraphs, ElementsAre(standfirst, kFirst, kSecond, kThird));
  EXPECT_THAT(
      Extract(html, {.description = "Something that nobody sees on this page, but machines read it."}).paragraphs,
      kIsWhole);
}

TEST(BodyTest, ArticlesBelowTheArticleAreNotOfIt) {
  std::string more;
  for (int i = 0; i < 4; ++i) {
    more += "<h3><a href='/x" + std::to_string(i) +
            "'>Another headline of another article</a></h3><p>Its teaser says what it is about, number " +
            std::to_string(i) + ", and ends early…</p>";
  }
  EXPECT_THAT(Extract("<main>" + ThreeParagraphs() + more + "</main>").paragraphs, kIsWhole);
}

TEST(BodyTest, JsonLdFillsInForAPageWithoutText) {
  std::string json_ld;
  for (const std::string_view text : {kFirst, kSecond, kThird}) {
    json_ld += std::string(text) + "\n\n";
  }
  const Body body = Extract("<div id='root'></div>", {.json_ld_body = json_ld});
  EXPECT_THAT(body.paragraphs, kIsWhole);
  EXPECT_EQ(body.rule, "json-ld articleBody");
}

TEST(BodyTest, NothingGivesNothing) {
  EXPECT_THAT(Extract("").paragraphs, IsEmpty());
  EXPECT_THAT(Extract("<script>var text = 'not text at all, but long enough to be a sentence';</script>").paragraphs,
              IsEmpty());
}

}  // namespace
}  // namespace kawat::parse::extract
