// A page's body as two flat arrays, made in one walk: its elements with what their tag, class and id say, and its
// paragraphs, runs of text between block boundaries. All rules of body extraction work on them: ranges of integers
// instead of trees.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "html/document.h"
#include "services/parse/extract/marks.h"

namespace kawat::parse::extract {

struct Element {
  html::Node node;
  std::uint32_t marks = 0;
  std::uint32_t around = 0;  // its marks and those of all elements above it
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

  // Itself or an element above it has one of `marks`.
  bool IsInside(int element, std::uint32_t marks) const {
    return element >= 0 && (elements[static_cast<std::size_t>(element)].around & marks) != 0;
  }
};

// Views into `document`, which must outlive the result and not change.
Outline MakeOutline(const html::Document& document);

}  // namespace kawat::parse::extract
