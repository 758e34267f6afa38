#include <algorithm>
#include <span>

#include "html/document.h"
#include "html/raw.h"
#include "html/selector.h"

namespace kawat::html {
namespace {

bool Holds(const Compound& compound, Node element) {
  return (compound.tag.empty() || compound.tag == element.tag()) &&
         std::ranges::all_of(compound.tests, [&](const AttributeTest& test) {
           const std::optional<std::string_view> actual = element.attribute(test.name);
           return actual.has_value() && test.Holds(*actual);
         });
}

enum class Match { kHolds, kFails, kFailsForAllAbove };

// As deep as the selector is long. When the ancestors ran out, starting from a higher one cannot help: so the time is
// linear in the depth.
Match MatchFrom(std::span<const Compound> compounds, Node element) {
  if (!Holds(compounds.front(), element)) {
    return Match::kFails;
  }
  if (compounds.size() == 1) {
    return Match::kHolds;
  }
  for (Node above = element.parent(); above; above = above.parent()) {
    const Match match = MatchFrom(compounds.subspan(1), above);
    if (match != Match::kFails || compounds.front().child_of_next) {
      return match;
    }
  }
  return Match::kFailsForAllAbove;
}

bool Holds(const Selector& selector, Node element) {
  return std::ranges::any_of(
      selector, [&](const std::vector<Compound>& compounds) { return MatchFrom(compounds, element) == Match::kHolds; });
}

}  // namespace

std::vector<Node> Node::SelectAll(std::string_view selector) const {
  std::vector<Node> found;
  const Selector& compiled = Compile(selector);
  for (Node node = next_in_document(*this); node; node = node.next_in_document(*this)) {
    if (node.is_element() && Holds(compiled, node)) {
      found.push_back(node);
    }
  }
  return found;
}

Node Node::SelectFirst(std::string_view selector) const {
  const Selector& compiled = Compile(selector);
  for (Node node = next_in_document(*this); node; node = node.next_in_document(*this)) {
    if (node.is_element() && Holds(compiled, node)) {
      return node;
    }
  }
  return {};
}

bool Node::Matches(std::string_view selector) const { return is_element() && Holds(Compile(selector), *this); }

}  // namespace kawat::html
