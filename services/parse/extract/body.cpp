#include "services/parse/extract/body.h"

#include <algorithm>
#include <unordered_set>

#include "services/parse/extract/boilerplate.h"
#include "services/parse/extract/page_facts.h"
#include "services/parse/extract/prune.h"
#include "services/parse/extract/root.h"
#include "services/parse/extract/strings.h"
#include "text/text.h"

namespace kawat::parse::extract {
namespace {

constexpr double kLinkLine = 0.8;       // of a paragraph's text in links: it is a line of links
constexpr std::size_t kShortLine = 60;  // shorter and without an end of sentence: a label
constexpr std::size_t kLongLine = 200;
constexpr std::size_t kHeadlineLength = 25;
constexpr std::size_t kRepeatedLength = 100;  // the same text twice: shown for two sizes of screen
constexpr std::size_t kMinTeasers = 3;        // that follow each other at the end: a list of other articles

bool EndsLikeSentence(std::string_view line) {
  for (const std::string_view end :
       {".", "!", "?", ":", "\"", "”", "'", "’", "。", "」", "！", "？", "…", ")", "）", "»", ";", ",", "“"}) {
    if (line.ends_with(end)) {
      return true;
    }
  }
  return false;
}

struct Line {
  std::string text;
  std::size_t length = 0;
  bool heading = false;
  bool sentence = false;
  bool list_item = false;
};

class Collector {
 public:
  Collector(const Outline& outline, const Pruned& pruned, const BodyHints& hints) : outline_(outline), pruned_(pruned) {
    for (const std::string& title : hints.titles) {
      if (std::string skeleton = Skeleton(title); !skeleton.empty()) {
        titles_.insert(std::move(skeleton));
      }
    }
  }

  void Add(const Element& root) {
    for (int i = root.first_paragraph; i < root.end_paragraph; ++i) {
      const auto index = static_cast<std::size_t>(i);
      if (!pruned_.paragraph[index]) {
        AddParagraph(outline_.paragraphs[index]);
      }
    }
  }

  std::vector<Line> Finish() {
    TrimEnds();
    return std::move(lines_);
  }

  int headlines() const { return headlines_; }

 private:
  void AddParagraph(const Paragraph& paragraph) {
    const std::uint32_t marks = outline_.elements[static_cast<std::size_t>(paragraph.element)].marks;
    const bool heading = (marks & mark::kHeading) != 0;
    const bool list_item = outline_.IsInside(paragraph.element, mark::kListItem);
    const double share = paragraph.LinkShare();
    if (share > kLinkLine || (list_item && share > 0.6)) {
      DropHeadings();
      if (heading && paragraph.length >= kHeadlineLength) {
        ++headlines_;
        headline_places_.push_back(lines_.size());
      }
      return;
    }
    Line line{.text = paragraph.Text(), .length = paragraph.length, .heading = heading, .list_item = list_item};
    if (line.text.empty() || IsBoilerplate(line.text, paragraph.links > 0)) {
      return;
    }
    line.sentence = EndsLikeSentence(line.text);
    const bool top_heading = (marks & mark::kFirstHeading) != 0 && long_lines_ == 0;
    if (top_heading || (paragraph.length < 400 && IsTitle(line.text))) {
      DropLabels();
      return;
    }
    if (paragraph.length > kRepeatedLength && !seen_.insert(line.text).second) {
      return;
    }
    long_lines_ += line.length > kLongLine ? 1 : 0;
    lines_.push_back(std::move(line));
  }

  bool IsTitle(std::string_view text) const { return titles_.contains(Skeleton(text)); }

  // Headings with nothing of theirs but links.
  void DropHeadings() {
    while (!lines_.empty() && lines_.back().heading) {
      long_lines_ -= lines_.back().length > kLongLine ? 1 : 0;
      lines_.pop_back();
    }
  }

  // What stands above a title. What was kept below an earlier one is not looked at again: titles may be many.
  void DropLabels() {
    const auto begin = lines_.begin() + static_cast<std::ptrdiff_t>(kept_);
    lines_.erase(std::remove_if(begin, lines_.end(),
                                [&](const Line& above) {
                                  const bool drop = above.heading || above.length < kShortLine;
                                  long_lines_ -= drop && above.length > kLongLine ? 1 : 0;
                                  return drop;
                                }),
                 lines_.end());
    kept_ = lines_.size();
  }

  // Other articles below this one: linked headlines with a teaser each, or teasers that are cut off.
  void DropTeasers() {
    std::size_t length = 0;
    std::vector<std::size_t> above(lines_.size() + 1, 0);
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      length += lines_[i].length;
      above[i + 1] = length;
    }
    for (std::size_t i = 0; i + kMinTeasers <= headline_places_.size(); ++i) {
      const std::size_t begin = std::min(headline_places_[i], lines_.size());
      const std::size_t lines_below = lines_.size() - begin;
      if (above[begin] >= 300 && lines_below <= 3 * (headline_places_.size() - i)) {
        lines_.resize(begin);
        break;
      }
    }
    std::size_t teasers = 0;
    while (teasers < lines_.size() && IsCutOff(lines_[lines_.size() - 1 - teasers].text)) {
      ++teasers;
    }
    if (teasers >= kMinTeasers && above[std::min(lines_.size(), above.size() - 1) - teasers] >= 300) {
      lines_.resize(lines_.size() - teasers);
    }
  }

  static bool IsCutOff(std::string_view line) {
    return line.ends_with("...") || line.ends_with("…") || line.ends_with("[…]");
  }

  void TrimEnds() {
    DropTeasers();
    DropHeadings();
    const auto is_label = [](const Line& line) {
      return !line.heading && !line.list_item && !line.sentence && line.length < kShortLine;
    };
    while (!lines_.empty() && (is_label(lines_.back()) || lines_.back().heading)) {
      if (lines_.back().text.starts_with("©")) {
        break;
      }
      lines_.pop_back();
    }
    // Labels above the first sentence: date, place, minutes to read.
    const auto first =
        std::find_if(lines_.begin(), lines_.end(), [](const Line& line) { return line.sentence && line.length >= 40; });
    if (first != lines_.end()) {
      lines_.erase(std::remove_if(lines_.begin(), first, [&](const Line& line) { return is_label(line); }), first);
    }
  }

  const Outline& outline_;
  const Pruned& pruned_;
  std::unordered_set<std::string> titles_;
  std::unordered_set<std::string> seen_;
  std::vector<Line> lines_;
  std::size_t kept_ = 0;                      // so many lines have survived DropLabels
  std::size_t long_lines_ = 0;                // of lines_
  std::vector<std::size_t> headline_places_;  // where among the lines linked headlines were left out
  int headlines_ = 0;
};

// The visible paragraph above the text that says what the description of the page says.
std::string FindStandfirst(const Outline& outline, const Roots& roots, const std::string& description,
                           const std::vector<Line>& lines) {
  const std::size_t wanted = ReadingLength(description);
  if (wanted < 40 || roots.elements.empty()) {
    return "";
  }
  std::string skeleton = Skeleton(description);
  const std::string_view start = std::string_view(skeleton).substr(0, std::min<std::size_t>(skeleton.size(), 60));
  const auto says_it = [&](std::size_t length, const std::string& text) {
    return length * 10 >= wanted * 7 && length <= wanted * 4 && Skeleton(text).starts_with(start);
  };
  for (const Line& line : lines) {
    if (line.length * 10 >= wanted * 7 && Skeleton(line.text).find(start) != std::string::npos) {
      return "";
    }
  }
  const int text_begins = outline.elements[static_cast<std::size_t>(roots.elements.front())].end_paragraph;
  for (int i = 0; i < text_begins; ++i) {
    const Paragraph& paragraph = outline.paragraphs[static_cast<std::size_t>(i)];
    if (paragraph.length * 10 < wanted * 7 || paragraph.length > wanted * 4 || paragraph.LinkShare() > 0.5 ||
        outline.IsInside(paragraph.element, mark::kHidden | mark::kComments)) {
      continue;
    }
    if (std::string text = paragraph.Text(); says_it(paragraph.length, text)) {
      return text;
    }
  }
  return "";
}

void MeasurePage(const Outline& outline, const Pruned& pruned, Body& body) {
  for (std::size_t i = 0; i < outline.paragraphs.size(); ++i) {
    const Paragraph& paragraph = outline.paragraphs[i];
    if (pruned.paragraph[i]) {
      continue;
    }
    if (paragraph.LinkShare() > kLinkLine && paragraph.length >= kHeadlineLength) {
      body.link_lines_length += paragraph.length;
      ++body.link_lines;
    }
  }
}

// The last one above the text, or the first one in it.
std::string FindFirstHeading(const Outline& outline, const Roots& roots) {
  const auto text_of = [&](std::size_t i) -> std::string {
    const bool seen =
        (outline.elements[i].marks & mark::kFirstHeading) != 0 && !outline.IsInside(static_cast<int>(i), mark::kHidden);
    return seen ? text::CollapseWhitespace(outline.elements[i].node.TextContent(kMaxFactBytes)) : "";
  };
  const std::size_t root = roots.elements.empty() ? 0 : static_cast<std::size_t>(roots.elements.front());
  std::string found;
  for (std::size_t i = std::min(root + 1, outline.elements.size()); i-- > 0 && found.empty();) {
    found = text_of(i);
  }
  for (std::size_t i = root + 1; i < outline.elements.size() && found.empty(); ++i) {
    found = text_of(i);
  }
  return found;
}

void UseJsonLd(const std::string& json_ld, Body& body) {
  const std::string plain = StripTags(json_ld);
  const std::size_t length = ReadingLength(plain);
  if (length < 200 || length * 6 < body.length * 10) {
    return;
  }
  body.paragraphs.clear();
  std::size_t begin = 0;
  while (begin < plain.size()) {
    const std::size_t end = std::min(plain.find('\n', begin), plain.size());
    std::string line = text::CollapseWhitespace(std::string_view(plain).substr(begin, end - begin));
    if (!line.empty() && !IsBoilerplate(line, false)) {
      body.paragraphs.push_back(std::move(line));
    }
    begin = end + 1;
  }
  body.length = length;
  body.prose_length = length;
  body.rule = "json-ld articleBody";
}

}  // namespace

Body ExtractBody(const Outline& outline, const BodyHints& hints) {
  Body body;
  const Pruned pruned = Prune(outline);
  const Roots roots = FindRoots(outline, pruned);
  body.rule = roots.rule;
  body.first_heading = FindFirstHeading(outline, roots);
  MeasurePage(outline, pruned, body);
  Collector collector(outline, pruned, hints);
  for (const int root : roots.elements) {
    collector.Add(outline.elements[static_cast<std::size_t>(root)]);
  }
  std::vector<Line> lines = collector.Finish();
  body.headlines = collector.headlines();
  if (!lines.empty()) {
    if (std::string standfirst = FindStandfirst(outline, roots, hints.description, lines); !standfirst.empty()) {
      body.length += ReadingLength(standfirst);
      body.paragraphs.push_back(std::move(standfirst));
    }
  }
  for (Line& line : lines) {
    body.length += line.length;
    body.prose_length += line.length >= 40 && !line.heading ? line.length : 0;
    body.paragraphs.push_back(std::move(line.text));
  }
  UseJsonLd(hints.json_ld_body, body);
  return body;
}

}  // namespace kawat::parse::extract
