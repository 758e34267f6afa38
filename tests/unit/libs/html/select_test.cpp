#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "html/document.h"

namespace kawat::html {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SelectTest : public ::testing::Test {
 protected:
  std::vector<std::string> Ids(std::string_view selector) const {
    std::vector<std::string> ids;
    for (const Node node : document_.root().SelectAll(selector)) {
      ids.emplace_back(node.id());
    }
    return ids;
  }

  Document document_ = Document::Parse(
      "<article id=a class='story main'><div id=b><p id=c class=lead>x<a id=d href='/tag/one' rel='nofollow "
      "tag'>y</a></p></div>"
      "<p id=e class='lead-in'>z</p></article><p id=f lang=id>w</p><div id=g><article id=h><p "
      "id=i>v</p></article></div>",
      "");
};

TEST_F(SelectTest, FindsByTagClassAndId) {
  EXPECT_THAT(Ids("p"), ElementsAre("c", "e", "f", "i"));
  EXPECT_THAT(Ids("P.lead"), ElementsAre("c"));
  EXPECT_THAT(Ids(".main.story"), ElementsAre("a"));
  EXPECT_THAT(Ids("#f"), ElementsAre("f"));
  EXPECT_THAT(Ids("div#b"), ElementsAre("b"));
  EXPECT_THAT(Ids("p#b"), IsEmpty());
}

TEST_F(SelectTest, FindsByAttribute) {
  EXPECT_THAT(Ids("[href]"), ElementsAre("d"));
  EXPECT_THAT(Ids("[lang=id]"), ElementsAre("f"));
  EXPECT_THAT(Ids("[class*=\"lead\"]"), ElementsAre("c", "e"));
  EXPECT_THAT(Ids("a[href^='/tag/']"), ElementsAre("d"));
  EXPECT_THAT(Ids("a[href$=one][rel~=tag]"), ElementsAre("d"));
  EXPECT_THAT(Ids("a[href^=\"\"]"), IsEmpty());
}

TEST_F(SelectTest, FollowsCombinatorsAndLists) {
  EXPECT_THAT(Ids("article p"), ElementsAre("c", "e", "i"));
  EXPECT_THAT(Ids("article > p"), ElementsAre("e", "i"));
  EXPECT_THAT(Ids("article>div p > a"), ElementsAre("d"));
  EXPECT_THAT(Ids("div > article p, a ,#f"), ElementsAre("d", "f", "i"));
  EXPECT_THAT(Ids("body > div p"), ElementsAre("i"));
}

TEST_F(SelectTest, FindsTheFirstOrSoMany) {
  EXPECT_EQ(document_.body().SelectFirst("article p").id(), "c");
  EXPECT_FALSE(document_.body().SelectFirst("table"));
  EXPECT_EQ(document_.body().SelectAll("article p", 2).size(), 2U);
  EXPECT_TRUE(document_.body().SelectAll("article p", 0).empty());
}

TEST_F(SelectTest, FindsOnlyWhatIsBelow) {
  const Node article = document_.body().SelectFirst("article");
  EXPECT_TRUE(article.SelectAll("article").empty());
  EXPECT_EQ(article.SelectAll("body p").size(), 2U) << "ancestors above the node count";
}

using SelectDeathTest = SelectTest;
TEST_F(SelectDeathTest, ASelectorThatDoesNotParseEndsTheProcess) {
  for (const char* selector : {"", "p >", "p,,a", "a[href", "a[=x]", "p:first-child", ". x"}) {
    EXPECT_DEATH(document_.body().SelectFirst(selector), "selector") << selector;
  }
}

}  // namespace
}  // namespace kawat::html
