#include "services/parse/extract/root.h"

#include <algorithm>

namespace kawat::parse::extract {
namespace {

// Of the page's prose, how much a named container must hold to be believed at once.
constexpr double kEnoughShare = 0.3;
constexpr std::size_t kEnoughLength = 250;

const Element& At(const Outline& outline, int index) { return outline.elements[static_cast<std::size_t>(index)]; }

bool Contains(const Outline& outline, int outer, int inner) { return outer <= inner && inner < At(outline, outer).end; }

// The readability score: a block of prose gives points to its parent and half to its grandparent; links take them away.
int DensestElement(const Outline& outline, const Pruned& pruned) {
  std::vector<double> scores(outline.elements.size(), 0);
  for (std::size_t i = 0; i < outline.paragraphs.size(); ++i) {
    const Paragraph& paragraph = outline.paragraphs[i];
    if (pruned.paragraph[i] || paragraph.length < 25 || paragraph.LinkShare() > 0.5) {
      continue;
    }
    const double score =
        1 + static_cast<double>(paragraph.commas) + std::min(static_cast<double>(paragraph.length) / 100, 3.0);
    // Text that stands in a <div> itself is that container's own paragraph.
    const bool is_own = (At(outline, paragraph.element).marks &
                         (mark::kParagraph | mark::kHeading | mark::kListItem | mark::kQuote)) == 0;
    int holder = is_own ? paragraph.element : At(outline, paragraph.element).parent;
    for (const double part : {1.0, 0.5, 0.25}) {
      if (holder < 0) {
        break;
      }
      scores[static_cast<std::size_t>(holder)] += score * part;
      holder = At(outline, holder).parent;
    }
  }
  const auto best = std::max_element(scores.begin(), scores.end());
  return best == scores.end() || *best <= 0 ? -1 : static_cast<int>(best - scores.begin());
}

// Upwards while the parent adds much prose and little else: bodies are split into parts by advertisements.
int Grow(const Outline& outline, const Pruned& pruned, int root) {
  while (root > 0) {
    int parent = At(outline, root).parent;
    std::size_t held = pruned.prose.Of(At(outline, root));
    // Look over wrappers that add nothing.
    while (parent > 0 && pruned.prose.Of(At(outline, parent)) == held) {
      parent = At(outline, parent).parent;
    }
    if (parent <= 0 || static_cast<double>(pruned.prose.Of(At(outline, parent))) < 1.2 * static_cast<double>(held)) {
      return root;
    }
    root = parent;
  }
  return root;
}

struct Named {
  int best = -1;
  std::size_t prose = 0;
};

// Of the elements with `marks`, the one with the most prose; the innermost of equals (it may leave 5 % behind).
Named BestNamed(const Outline& outline, const Pruned& pruned, std::uint32_t marks) {
  Named named;
  for (std::size_t i = 0; i < outline.elements.size(); ++i) {
    const Element& element = outline.elements[i];
    if (pruned.element[i] || (element.marks & marks) == 0 ||
        (element.marks & (mark::kParagraph | mark::kHeading | mark::kListItem)) != 0) {
      continue;
    }
    const std::size_t prose = pruned.prose.Of(element);
    const bool inner = named.best >= 0 && Contains(outline, named.best, static_cast<int>(i));
    if (prose > 0 &&
        (prose > named.prose || (inner && static_cast<double>(prose) > 0.95 * static_cast<double>(named.prose)))) {
      named = {static_cast<int>(i), prose};
    }
  }
  return named;
}

// The container and its like: elements with the same class under the same parent or grandparent.
std::vector<int> WithItsLike(const Outline& outline, const Pruned& pruned, int root) {
  const Element& chosen = At(outline, root);
  const std::string_view classes = chosen.node.classes();
  int above = chosen.parent;
  if (above > 0 && At(outline, above).parent >= 0) {
    above = At(outline, above).parent;
  }
  std::vector<int> roots;
  for (int i = std::max(above, 0); !classes.empty() && above >= 0 && i < At(outline, above).end; ++i) {
    const bool nested = !roots.empty() && Contains(outline, roots.back(), i);
    if (!nested && !pruned.element[static_cast<std::size_t>(i)] && At(outline, i).node.classes() == classes &&
        At(outline, i).node.tag() == chosen.node.tag()) {
      roots.push_back(i);
    }
  }
  const bool found = std::find(roots.begin(), roots.end(), root) != roots.end();
  return found ? roots : std::vector<int>{root};
}

}  // namespace

Roots FindRoots(const Outline& outline, const Pruned& pruned) {
  if (outline.elements.empty()) {
    return {};
  }
  const std::size_t total = pruned.prose.Of(outline.elements[0]);
  const int densest = DensestElement(outline, pruned);
  const int grown = densest < 0 ? -1 : Grow(outline, pruned, densest);
  const std::size_t dense_prose = grown < 0 ? 0 : pruned.prose.Of(At(outline, grown));
  struct Rule {
    std::uint32_t marks;
    std::string_view name;
    bool repeats;
  };
  static constexpr Rule kRules[] = {{mark::kBodyName, "container named as an article's body", true},
                                    {mark::kArticleTag, "<article>", false},
                                    {mark::kStoryName, "container named as a story", false},
                                    {mark::kMainName, "main content", false}};
  for (const Rule& rule : kRules) {
    const Named named = BestNamed(outline, pruned, rule.marks);
    if (named.best < 0) {
      continue;
    }
    Roots roots{.elements = {named.best}, .rule = std::string(rule.name)};
    std::size_t prose = named.prose;
    if (rule.repeats) {
      roots.elements = WithItsLike(outline, pruned, named.best);
      prose = 0;
      for (const int root : roots.elements) {
        prose += pruned.prose.Of(At(outline, root));
      }
    }
    const bool enough =
        prose >= kEnoughLength && static_cast<double>(prose) > kEnoughShare * static_cast<double>(total);
    const bool densest_is_elsewhere = 2 * prose < dense_prose;
    if (enough && !densest_is_elsewhere) {
      return roots;
    }
  }
  if (grown >= 0) {
    return {.elements = {grown}, .rule = "densest block"};
  }
  return {};
}

}  // namespace kawat::parse::extract
