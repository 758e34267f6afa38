#include "services/parse/extract/article_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kawat::parse::extract {
namespace {

using article::Reason;
using ::testing::Contains;
using ::testing::Field;

constexpr std::string_view kSentence =
    "The harbour of the old town opened again on Monday, a year after the storm had closed it. ";

std::string Page(const std::string& head, const std::string& body) {
  return "<html lang=en><head><title>Harbour opens again</title>" + head + "</head><body>" + body + "</body></html>";
}

std::string Article(int sentences) {
  std::string article = "<article><h1>Harbour opens again</h1>";
  for (int i = 0; i < sentences; ++i) {
    article += "<p>" + std::string(kSentence) + std::to_string(i) + ".</p>";
  }
  return article + "</article>";
}

std::string Headlines(int count) {
  std::string list = "<ul>";
  for (int i = 0; i < count; ++i) {
    list += "<li><h2><a href='/story" + std::to_string(i) + "'>A headline that is long enough to be one, number " +
            std::to_string(i) + "</a></h2></li>";
  }
  return list + "</ul>";
}

ExtractedPage Extract(const std::string& html, std::string_view address = "https://outlet.example/news/harbour",
                      bool announced = false) {
  const html::Document document = html::Document::Parse(html, "text/html; charset=utf-8");
  const url::Url url = url::Url::Parse(address).value();
  return ExtractArticlePage(
      document, GatherFacts(document),
      {.url = &url, .fetched_time = absl::FromUnixSeconds(1'750'000'000), .announced = announced});
}

TEST(ArticlePageTest, BytesThatAreNoTextAreNoArticle) {
  std::uint32_t state = 1;
  std::string bytes;
  for (int i = 0; i < 4000; ++i) {
    state = state * 1664525 + 1013904223;
    bytes.push_back(static_cast<char>(state >> 24));
  }
  const html::Document document = html::Document::Parse(bytes, "text/html");
  const url::Url url = url::Url::Parse("https://outlet.example/noise").value();
  const ExtractedPage page =
      ExtractArticlePage(document, GatherFacts(document),
                         {.url = &url, .fetched_time = absl::UnixEpoch(), .hint_title = "A story", .announced = true});
  EXPECT_FALSE(page.article.has_value());
  EXPECT_EQ(page.reason, Reason::kNoText);
}

TEST(ArticlePageTest, AnArticleNeedsNoDeclaration) {
  const ExtractedPage page = Extract(Page("", Article(3)));
  ASSERT_TRUE(page.article) << page.detail;
  EXPECT_EQ(page.article->title, "Harbour opens again");
  EXPECT_EQ(page.article->canonical_url, "https://outlet.example/news/harbour");
  EXPECT_EQ(page.article->id, article::ArticleId("https://outlet.example/news/harbour"));
  EXPECT_EQ(page.article->language, "en");
  EXPECT_EQ(page.article->extractor_version, kExtractorVersion);
  EXPECT_THAT(page.trace, Contains(Field(&TraceStep::field, "body")));
}

TEST(ArticlePageTest, ADeclaredArticleNeedsLessText) {
  const std::string little =
      "<article><h1>Harbour opens again</h1><p>The harbour opened again on Monday, a year after the "
      "storm.</p></article>";
  EXPECT_EQ(Extract(Page("", little)).reason, Reason::kNoText);
  EXPECT_TRUE(Extract(Page("<meta property='og:type' content='article'>", little)).article);
}

TEST(ArticlePageTest, ListsOfHeadlinesAreIndexPages) {
  EXPECT_EQ(Extract(Page("", Headlines(20))).reason, Reason::kIndexPage);
  EXPECT_EQ(Extract(Page("", "<main>" + Headlines(20) + "<p>" + std::string(kSentence) + "</p></main>")).reason,
            Reason::kIndexPage);
}

TEST(ArticlePageTest, ASectionWithFewHeadlinesOrNoneIsAnIndexPage) {
  EXPECT_EQ(Extract(Page("", "<main><h1>Sport</h1>" + Headlines(1) + "</main>")).reason, Reason::kIndexPage);
  EXPECT_EQ(Extract(Page("<meta property='og:type' content='website'>", "<main><h1>Sport</h1></main>")).reason,
            Reason::kIndexPage);
}

TEST(ArticlePageTest, AnArticleWithMoreHeadlinesBelowStaysOne) {
  EXPECT_TRUE(Extract(Page("", Article(12) + Headlines(12))).article);
}

TEST(ArticlePageTest, FrontPagesAreIndexPages) {
  EXPECT_EQ(Extract(Page("", Article(5)), "https://outlet.example/").reason, Reason::kIndexPage);
}

TEST(ArticlePageTest, GarbageIsNoText) {
  std::string garbage;
  for (int i = 0; i < 3000; ++i) {
    garbage += static_cast<char>((i * 7919 + i / 13) % 256);
  }
  const ExtractedPage page = Extract(garbage);
  EXPECT_FALSE(page.article);
  EXPECT_EQ(page.reason, Reason::kNoText);
}

TEST(ArticlePageTest, JapaneseIsCountedInCharacters) {
  std::string text = "<article><h1>港が再開</h1>";
  for (int i = 0; i < 4; ++i) {
    text += "<p>嵐で一年前に閉鎖された旧市街の港が月曜日に再び開かれ、正午前には最初の船が入港したと港長が語った。</p>";
  }
  const ExtractedPage page = Extract("<html lang=ja><title>港が再開</title><body>" + text + "</article></body></html>");
  ASSERT_TRUE(page.article);
  EXPECT_EQ(page.article->language, "ja");
}

TEST(ArticlePageTest, TheTextCorrectsALanguageThatIsNot) {
  std::string text = "<article><h1>Pelabuhan dibuka lagi</h1>";
  for (int i = 0; i < 4; ++i) {
    text +=
        "<p>Pelabuhan kota tua dibuka kembali pada hari Senin, setahun setelah badai menutupnya, dan kapal pertama "
        "masuk sebelum tengah hari.</p>";
    text +=
        "<p>Para nelayan telah menunggu hari itu dengan sabar, kata kepala pelabuhan yang menghitung setiap minggu "
        "perbaikan.</p>";
  }
  EXPECT_EQ(Extract("<html lang=en><title>Pelabuhan dibuka lagi</title><body>" + text + "</article></body></html>")
                .article->language,
            "id");
}

TEST(ArticlePageTest, ALongTextIsCutAndFlagged) {
  std::string text = "<article><h1>Harbour opens again</h1>";
  for (int i = 0; i < 9000; ++i) {
    text += "<p>" + std::string(kSentence) + std::to_string(i) + ".</p>";
  }
  const ExtractedPage page = Extract(Page("", text + "</article>"));
  ASSERT_TRUE(page.article);
  EXPECT_TRUE(page.article->text_cut);
  EXPECT_LE(page.article->body.size(), kMaxBodyBytes);
}

}  // namespace
}  // namespace kawat::parse::extract
