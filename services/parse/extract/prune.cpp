#include "services/parse/extract/prune.h"

namespace kawat::parse::extract {
namespace {

constexpr std::size_t kMinProse = 40;
constexpr double kMaxProseLinkShare = 0.5;

// All prose but that of readers' comments and of what is hidden: what the share of an element is measured by.
Weights ProseOutsideComments(const Outline& outline) {
  Weights weights(outline.paragraphs.size());
  for (std::size_t i = 0; i < outline.paragraphs.size(); ++i) {
    const Paragraph& paragraph = outline.paragraphs[i];
    if (IsProse(paragraph) && !outline.IsInside(paragraph.element, mark::kComments | mark::kHidden)) {
      weights.Set(i, paragraph.length);
    }
  }
  weights.Finish();
  return weights;
}

// The share of the page's prose up to which a mark is believed.
double BelievedShare(std::uint32_t marks) {
  if ((marks & (mark::kComments | mark::kHidden)) != 0) {
    return 0.7;
  }
  if ((marks & (mark::kDropTag | mark::kDropWord)) != 0) {
    return (marks & (mark::kBodyName | mark::kArticleTag)) != 0 ? 0.2 : 0.4;
  }
  if ((marks & mark::kWeakWord) != 0) {
    return (marks & (mark::kBodyName | mark::kArticleTag | mark::kParagraph | mark::kHeading)) != 0 ? 0 : 0.12;
  }
  return 0;
}

}  // namespace

bool IsProse(const Paragraph& paragraph) {
  return paragraph.length >= kMinProse && paragraph.LinkShare() < kMaxProseLinkShare;
}

Pruned Prune(const Outline& outline) {
  Pruned pruned{.element = std::vector<bool>(outline.elements.size(), false),
                .paragraph = std::vector<bool>(outline.paragraphs.size(), false),
                .prose = Weights(outline.paragraphs.size())};
  if (outline.elements.empty()) {
    return pruned;
  }
  const Weights all = ProseOutsideComments(outline);
  Weights raw(outline.paragraphs.size());
  std::size_t raw_total = 0;
  for (std::size_t i = 0; i < outline.paragraphs.size(); ++i) {
    const std::size_t weight = IsProse(outline.paragraphs[i]) ? outline.paragraphs[i].length : 0;
    raw.Set(i, weight);
    raw_total += weight;
  }
  raw.Finish();
  const std::size_t total = all.Of(outline.elements[0]);
  for (std::size_t i = 0; i < outline.elements.size(); ++i) {
    const Element& element = outline.elements[i];
    if (element.parent >= 0 && pruned.element[static_cast<std::size_t>(element.parent)]) {
      pruned.element[i] = true;
      continue;
    }
    const double share = BelievedShare(element.marks);
    if (share <= 0) {
      continue;
    }
    const bool readers = (element.marks & (mark::kComments | mark::kHidden)) != 0;
    const std::size_t held = readers ? raw.Of(element) : all.Of(element);
    pruned.element[i] = static_cast<double>(held) <= share * static_cast<double>(readers ? raw_total : total);
  }
  for (std::size_t i = 0; i < outline.paragraphs.size(); ++i) {
    const Paragraph& paragraph = outline.paragraphs[i];
    pruned.paragraph[i] = paragraph.element < 0 || pruned.element[static_cast<std::size_t>(paragraph.element)];
    pruned.prose.Set(i, !pruned.paragraph[i] && IsProse(paragraph) ? paragraph.length : 0);
  }
  pruned.prose.Finish();
  return pruned;
}

}  // namespace kawat::parse::extract
