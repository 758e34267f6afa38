#include "html/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace kawat::html {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Walk(Node root) {
  std::vector<std::string> names;
  for (Node node = root.next_in_document(root); node; node = node.next_in_document(root)) {
    names.emplace_back(node.is_element() ? node.tag() : node.text());
  }
  return names;
}

TEST(DocumentTest, WalksElementsAndTextsInOrder) {
  const Document document = Document::Parse("<!doctype html><p>a<b>c</b><!-- no --><br>d</p><DIV>e</DIV>", "");
  EXPECT_THAT(Walk(document.body()), ElementsAre("p", "a", "b", "c", "br", "d", "div", "e"));
  EXPECT_THAT(Walk(document.body().first_child()), ElementsAre("a", "b", "c", "br", "d"));
  EXPECT_FALSE(document.cut());
}

TEST(DocumentTest, SkipsChildrenAndGoesSideways) {
  const Document document = Document::Parse("<p>a<b>c</b><!-- x -->d</p>", "");
  const Node p = document.body().first_child();
  const Node b = p.first_child().next_sibling();
  EXPECT_EQ(b.tag(), "b");
  EXPECT_EQ(b.next_skipping_children(p).text(), "d");
  EXPECT_EQ(b.next_sibling().text(), "d");
  EXPECT_EQ(b.parent(), p);
  EXPECT_FALSE(b.next_sibling().next_in_document(p));
  EXPECT_FALSE(document.root().parent());
}

TEST(DocumentTest, GivesAttributes) {
  const Document document = Document::Parse("<p ID=x class=' one\ttwo ' data-Q='1 &amp; 2' hidden>", "");
  const Node p = document.body().first_child();
  EXPECT_EQ(p.id(), "x");
  EXPECT_EQ(p.classes(), " one\ttwo ");
  EXPECT_EQ(p.attribute("data-q"), "1 & 2");
  EXPECT_EQ(p.attribute("hidden"), "");
  EXPECT_EQ(p.attribute("href"), std::nullopt);
  EXPECT_EQ(p.attribute_or_empty("href"), "");
}

TEST(DocumentTest, LeavesCodeOutOfTextButGivesAScriptItsOwn) {
  const Document document = Document::Parse(
      "<p>a<script type='application/ld+json'>{\"b\": "
      "1}</script><style>c{}</style><template>d</template><noscript>e</noscript>f &lt;",
      "");
  EXPECT_EQ(document.body().TextContent(), "aef <");
  EXPECT_EQ(document.body().SelectFirst("script").TextContent(), "{\"b\": 1}");
}

TEST(DocumentTest, ReadsNoMoreTextThanItIsAskedFor) {
  const Document document = Document::Parse("<p>one<i></i><b>é</b>two", "text/html; charset=utf-8");
  EXPECT_EQ(document.body().TextContent(100), "oneétwo");
  EXPECT_EQ(document.body().TextContent(4), "on") << "two nodes and two bytes";
  EXPECT_EQ(document.body().TextContent(9), "one") << "no part of a character";
  EXPECT_EQ(document.body().TextContent(0), "");
  EXPECT_EQ(document.body().first_child().first_child().TextContent(2), "on");
}

TEST(DocumentTest, RemovesANodeWithAllBelow) {
  Document document = Document::Parse("<p>a<b>c<i>d</i></b>e</p>", "");
  document.body().SelectFirst("b").Remove();
  EXPECT_EQ(document.body().TextContent(), "ae");
  EXPECT_TRUE(document.body().SelectAll("i").empty());
  document.body().Remove();
  EXPECT_FALSE(document.body());
}

TEST(DocumentTest, MakesATreeOfAnything) {
  for (const std::string& bytes : {std::string(), std::string("\0\xFF\xFE<", 4),
                                   std::string("<frameset><frame></frameset>"), std::string("<<<>>>")}) {
    const Document document = Document::Parse(bytes, "application/garbage; charset=");
    EXPECT_EQ(document.root().tag(), "html");
    EXPECT_EQ(document.head().tag(), "head");
  }
}

TEST(DocumentTest, ANullNodeAnswersNothing) {
  Node node;
  EXPECT_FALSE(node.is_element() || node.is_text());
  EXPECT_EQ(node.tag(), "");
  EXPECT_EQ(node.TextContent(), "");
  EXPECT_FALSE(node.parent() || node.first_child() || node.next_sibling() || node.next_in_document(node));
  EXPECT_TRUE(node.SelectAll("p").empty());
  node.Remove();
}

TEST(DocumentTest, MovesWithItsNodes) {
  Document first = Document::Parse("<p>a", "");
  const Node p = first.body().first_child();
  const Document second = std::move(first);
  EXPECT_EQ(second.body().first_child(), p);
}

TEST(DocumentTest, ParsesInManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::vector<int> found(4);
  for (int& count : found) {
    threads.emplace_back([&count] {
      for (int i = 0; i < 50; ++i) {
        count += static_cast<int>(
            Document::Parse("<x-own own=1><p class=a>1<p class=a>2", "").body().SelectAll("x-own[own] .a").size());
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_THAT(found, ::testing::Each(100));
}

}  // namespace
}  // namespace kawat::html
