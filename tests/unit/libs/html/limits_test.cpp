// Pages made to keep a parser busy. Each ends in far less than a second; the bound is for slow machines and sanitizers.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "html/document.h"
#include "tests/support/hostile.h"

namespace kawat::html {
namespace {

using support::Numbered;
using support::Repeat;

Document ParseQuickly(const std::string& bytes, const Limits& limits = {}) {
  const auto start = std::chrono::steady_clock::now();
  Document document = Document::Parse(bytes, "text/html", limits);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  return document;
}

constexpr std::size_t kBomb = 4'000'000;
constexpr std::size_t kLongText = support::kReallocCopies ? 400'000 : kBomb;

TEST(LimitsTest, DeepNestingIsCut) {
  for (const char* tag :
       {"<div>", "<b>", "<a><div>", "<table><tr><td>", "<svg>", "<template>", "<frameset>", "<ruby><rt>"}) {
    SCOPED_TRACE(tag);
    const Document document = ParseQuickly(Repeat(tag, kBomb));
    EXPECT_TRUE(document.cut());
    int depth = 0;
    for (Node node = document.root(); node; node = node.first_child()) {
      ++depth;
    }
    EXPECT_LE(depth, 520);
  }
}

TEST(LimitsTest, MisnestedFormattingIsCut) {
  EXPECT_TRUE(ParseQuickly(Numbered("<b c=", ">", 600) + Repeat("<div></b>", kBomb)).cut());
  EXPECT_TRUE(ParseQuickly(Numbered("<font c=", ">", 400) + Repeat("<p>x</p>", kBomb)).cut());
}

TEST(LimitsTest, NodesAreCounted) {
  EXPECT_TRUE(ParseQuickly(Repeat("<p>", kBomb)).cut());
  EXPECT_TRUE(ParseQuickly(Repeat("<p>", 1000), {.max_nodes = 100}).cut());
  EXPECT_FALSE(ParseQuickly(Repeat("<p>", 1000)).cut());
}

TEST(LimitsTest, AttributesBeyondTheLimitAreDropped) {
  const Document document = ParseQuickly("<p " + Numbered("a", " ", 1000) + ">text");
  EXPECT_FALSE(document.cut());
  const Node p = document.body().first_child();
  EXPECT_EQ(p.TextContent(), "text");
  EXPECT_TRUE(p.attribute("a255").has_value());
  EXPECT_FALSE(p.attribute("a256").has_value());
}

TEST(LimitsTest, NamesWithoutEndAreCut) {
  EXPECT_TRUE(ParseQuickly("<p " + Numbered("a", " ", 1'000'000) + ">text").cut());
  EXPECT_TRUE(ParseQuickly(Numbered("<body a", ">", 200'000)).cut());
  EXPECT_TRUE(ParseQuickly(Numbered("<p a", ">", 200'000)).cut());
  EXPECT_TRUE(ParseQuickly(Numbered("<x", "/>", 200'000)).cut());
  EXPECT_TRUE(ParseQuickly(Numbered("</x", ">", 200'000)).cut());
}

TEST(LimitsTest, AttributesOfRepeatedRootTagsAreLimited) {
  EXPECT_FALSE(ParseQuickly(Numbered("<body a", ">", 5000)).cut());
  EXPECT_FALSE(ParseQuickly(Numbered("<html a", ">", 5000)).cut());
}

TEST(LimitsTest, WhatComesBeforeTheCutIsKept) {
  const Document document = ParseQuickly("<title>t</title><p>first</p>" + Repeat("<div>", kBomb) + "last");
  EXPECT_TRUE(document.cut());
  EXPECT_EQ(document.head().SelectFirst("title").TextContent(), "t");
  EXPECT_EQ(document.body().TextContent(), "first");
}

TEST(LimitsTest, LongTextIsNoBomb) {
  for (const char* text : {"word ", "a</x>", "<!--a", "&notit;&amp", "<table>a</x>", "<script><!--<script>", "</p>"}) {
    SCOPED_TRACE(text);
    ParseQuickly(Repeat(text, kLongText));
  }
}

TEST(LimitsTest, SelectorsStayQuickOnDeepTrees) {
  const Document document = ParseQuickly(Repeat("<div class=a>", 500 * 13) + Repeat("<i class=a></i>", 200'000));
  EXPECT_FALSE(document.cut());
  EXPECT_TRUE(document.root().SelectAll("article .a .a .a .a").empty());
}

}  // namespace
}  // namespace kawat::html
