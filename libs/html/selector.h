// Selectors, compiled. Used by select.cpp alone; what is understood: document.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kawat::html {

struct AttributeTest {
  enum class Kind { kPresent, kEquals, kContains, kStarts, kEnds, kHasWord };
  Kind kind = Kind::kPresent;
  std::string name;
  std::string value;

  bool Holds(std::string_view actual) const;
};

// What must hold of one element: "a.more[href]". .class and #id are tests too.
struct Compound {
  std::string tag;  // empty: any
  std::vector<AttributeTest> tests;
  bool child_of_next = false;  // the next compound (to the left) must hold of the parent, else of any ancestor
};

// At most 64 compounds in all.
using Selector = std::vector<std::vector<Compound>>;  // any of these; each from right to left

// Ends the process when `text` does not parse: selectors are ours. Kept for the life of the thread.
const Selector& Compile(std::string_view text);

}  // namespace kawat::html
