// Which paragraphs of a page cannot be its article's: inside navigation, asides, comments, share and newsletter boxes,
// or mostly links.
#pragma once

#include <cstddef>
#include <vector>

#include "services/parse/extract/outline.h"

namespace kawat::parse::extract {

// Sums over paragraphs, so that any element's are two look-ups.
class Weights {
 public:
  explicit Weights(std::size_t paragraphs) : sums_(paragraphs + 1, 0) {}
  void Set(std::size_t paragraph, std::size_t weight) { sums_[paragraph + 1] = weight; }
  void Finish() {
    for (std::size_t i = 1; i < sums_.size(); ++i) {
      sums_[i] += sums_[i - 1];
    }
  }
  std::size_t Of(const Element& element) const { return Between(element.first_paragraph, element.end_paragraph); }
  std::size_t Between(int begin, int end) const {
    return sums_[static_cast<std::size_t>(end)] - sums_[static_cast<std::size_t>(begin)];
  }

 private:
  std::vector<std::size_t> sums_;
};

// Prose: long enough to be a sentence, not mostly links.
bool IsProse(const Paragraph& paragraph);

struct Pruned {
  std::vector<bool> element;    // dropped with all below
  std::vector<bool> paragraph;  // in a dropped element
  Weights prose;                // length of the prose that is left
};

// An element that its names condemn is kept when it holds most of the page's prose: then the name was meant otherwise.
Pruned Prune(const Outline& outline);

}  // namespace kawat::parse::extract
