#include <gtest/gtest.h>

#include "services/parse/extract/marks.h"

namespace kawat::parse::extract {
namespace {

TEST(NamesTest, CompoundsAreReadInAnyWriting) {
  for (const char* name : {"article-body", "articleBody", "article_body", "article__body--wide", "l-col ArticleBody"}) {
    EXPECT_TRUE(MarksOfName(name) & mark::kBodyName) << name;
  }
}

TEST(NamesTest, WordsOfFurnitureCondemn) {
  for (const char* name : {"share-buttons", "relatedArticles", "newsletter_box", "ad-slot", "main-nav"}) {
    EXPECT_TRUE(MarksOfName(name) & mark::kDropWord) << name;
  }
  EXPECT_TRUE(MarksOfName("comments-list") & mark::kComments);
}

TEST(NamesTest, WordsAreWholeWords) {
  EXPECT_EQ(MarksOfName("shadow roads canvas"), 0U) << "no 'ad', 'ads', 'nav' inside a word";
}

TEST(NamesTest, UtilityClassesAndStatesSayNothing) {
  EXPECT_EQ(MarksOfName("print:hidden md:nav-item has-sidebar no-ads"), 0U);
}

}  // namespace
}  // namespace kawat::parse::extract
