#include <algorithm>
#include <cstdint>

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

// Goes down a document and keeps, for each element above, which parts of the selector end there: so the time does not
// depend on the depth, of which the page decides. A bit for each compound, counted over all of a selector.
class Matcher {
 public:
  Matcher(const Selector& selector, Node root) : selector_(selector) {
    std::vector<Node> above;
    for (Node node = root; node; node = node.parent()) {
      above.push_back(node);
    }
    for (auto node = above.rbegin(); node != above.rend(); ++node) {
      Enter(*node);
    }
  }

  // `element`: the root's descendants in document order, each once.
  bool Matches(Node element) {
    while (!open_.empty() && open_.back().node != element.parent()) {
      open_.pop_back();
    }
    return Enter(element);
  }

 private:
  struct Open {
    Node node;
    std::uint64_t here = 0;    // compounds that hold of it, as do those to their left above it
    std::uint64_t around = 0;  // of it or of an element above it
  };

  bool Enter(Node element) {
    const Open parent = open_.empty() ? Open() : open_.back();
    Open entered{.node = element};
    bool matches = false;
    std::uint64_t bit = 1;
    for (const std::vector<Compound>& compounds : selector_) {
      for (std::size_t i = 0; i < compounds.size(); ++i, bit <<= 1) {
        const std::uint64_t left = compounds[i].child_of_next ? parent.here : parent.around;
        const bool fits = i + 1 == compounds.size() || (left & (bit << 1)) != 0;
        if (fits && Holds(compounds[i], element)) {
          entered.here |= bit;
          matches = matches || i == 0;
        }
      }
    }
    entered.around = parent.around | entered.here;
    open_.push_back(entered);
    return matches;
  }

  const Selector& selector_;
  std::vector<Open> open_;
};

}  // namespace

std::vector<Node> Node::SelectAll(std::string_view selector, std::size_t most) const {
  std::vector<Node> found;
  Matcher matcher(Compile(selector), *this);
  for (Node node = next_in_document(*this); node && found.size() < most; node = node.next_in_document(*this)) {
    if (node.is_element() && matcher.Matches(node)) {
      found.push_back(node);
    }
  }
  return found;
}

Node Node::SelectFirst(std::string_view selector) const {
  const std::vector<Node> found = SelectAll(selector, 1);
  return found.empty() ? Node() : found.front();
}

}  // namespace kawat::html
