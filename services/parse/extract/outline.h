// A page's body as two flat arrays, made in one walk: its elements with what their tag, class and id say, and its
// paragraphs, runs of text between block boundaries. All rules of body extraction work on them: ranges of integers
// instead of trees.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "html/document.h"

namespace kawat::parse::extract {

// What a tag, or the words of class, id and role, say of an element. Bits.
namespace mark {
inline constexpr std::uint32_t kBlock = 1U << 0;
inline constexpr std::uint32_t kHeading = 1U << 1;
inline constexpr std::uint32_t kLink = 1U << 2;
inline constexpr std::uint32_t kListItem = 1U << 3;
inline constexpr std::uint32_t kTable = 1U << 4;
inline constexpr std::uint32_t kDropTag = 1U << 5;   // navigation, asides, captions: not the article's text
inline constexpr std::uint32_t kComments = 1U << 6;  // readers' words
inline constexpr std::uint32_t kDropWord = 1U << 7;  // its class or id says: share, related, newsletter ...
inline constexpr std::uint32_t kWeakWord = 1U << 8;  // it may be, when it holds little: author, meta, box ...
inline constexpr std::uint32_t kHidden = 1U << 9;
inline constexpr std::uint32_t kBodyName = 1U << 10;  // itemprop or class like article-body
inline constexpr std::uint32_t kArticleTag = 1U << 11;
inline constexpr std::uint32_t kStoryName = 1U << 12;  // class like story, post, entry
inline constexpr std::uint32_t kMainName = 1U << 13;   // <main>, role=main, class like content
inline constexpr std::uint32_t kParagraph = 1U << 14;  // <p>
inline constexpr std::uint32_t kQuote = 1U << 15;
inline constexpr std::uint32_t kFirstHeading = 1U << 16;  // <h1>
}  // namespace mark

struct Element {
  html::Node node;
  std::uint32_t marks = 0;
  int parent = -1;
  int end = 0;              // one past its last descendant
  int first_paragraph = 0;  // [first_paragraph, end_paragraph): the paragraphs that begin in it
  int end_paragraph = 0;
};

struct Paragraph {
  std::vector<std::string_view> pieces;  // of the document's text; an empty one is a line break
  int element = 0;                       // innermost block that holds it
  std::size_t length = 0;                // ReadingLength
  std::size_t link_length = 0;           // of it, inside links
  std::size_t commas = 0;
  int links = 0;

  double LinkShare() const { return length == 0 ? 0 : static_cast<double>(link_length) / static_cast<double>(length); }
  // White space collapsed.
  std::string Text() const;
};

struct Outline {
  std::vector<Element> elements;  // document order; [0] is <body>
  std::vector<Paragraph> paragraphs;

  bool IsInside(int element, std::uint32_t marks) const;  // itself or an element above it has one of `marks`
};

// Views into `document`, which must outlive the result and not change.
Outline MakeOutline(const html::Document& document);

// What the words of a class or an id say (mark::...), for tests.
std::uint32_t MarksOfName(std::string_view name);

}  // namespace kawat::parse::extract
