#include "services/parse/extract/outline.h"

#include <unordered_map>

#include "services/parse/extract/strings.h"
#include "text/text.h"

namespace kawat::parse::extract {
namespace {

class Walker {
 public:
  explicit Walker(html::Node body) : body_(body) {}

  Outline Run() {
    if (!body_) {
      return std::move(outline_);
    }
    Open(body_);
    html::Node node = body_.first_child();
    while (node) {
      const bool open = node.is_element() ? Open(node) : (Text(node.text()), false);
      html::Node next = open ? node.first_child() : html::Node();
      if (open && !next) {
        Close();
      }
      while (!next && node != body_) {
        next = node.next_sibling();
        if (!next) {
          node = node.parent();
          Close();
        }
      }
      node = next;
    }
    while (!open_.empty()) {
      Close();
    }
    return std::move(outline_);
  }

 private:
  struct OpenNode {
    int element = -1;  // -1: inline
    bool link = false;
    bool cell = false;
  };

  std::uint32_t MarksOf(html::Node node, std::string_view tag) {
    std::uint32_t marks = MarksOfTag(tag);
    if ((marks & kSkip) != 0) {
      return marks;
    }
    for (const std::string_view attribute : {std::string_view("class"), std::string_view("id")}) {
      const std::string_view value = node.attribute_or_empty(attribute);
      if (!value.empty()) {
        const auto [known, is_new] = names_.try_emplace(value, 0);
        known->second = is_new ? MarksOfName(value) : known->second;
        marks |= known->second;
      }
    }
    marks |= MarksOfAttributes(node);
    if (tag == "body" || tag == "html") {
      marks &= mark::kBlock;
    }
    return marks;
  }

  static std::uint32_t MarksOfAttributes(html::Node node) {
    std::uint32_t marks = 0;
    const std::string_view style = node.attribute_or_empty("style");
    if (!style.empty() &&
        (ContainsAny(style, {"display:none", "display: none", "visibility:hidden", "visibility: hidden"}))) {
      marks |= mark::kHidden;
    }
    if (node.attribute("hidden").has_value() || node.attribute_or_empty("aria-hidden") == "true") {
      marks |= mark::kHidden;
    }
    const std::string_view role = node.attribute_or_empty("role");
    if (!role.empty()) {
      marks |= role == "main" ? mark::kMainName : 0;
      marks |= role == "navigation" || role == "complementary" || role == "contentinfo" || role == "banner" ||
                       role == "search" || role == "dialog"
                   ? mark::kDropTag
                   : 0;
    }
    const std::string_view property = node.attribute_or_empty("itemprop");
    if (!property.empty()) {
      marks |= ContainsAny(property, {"articleBody", "reviewBody"}) ? mark::kBodyName : 0;
      marks |= property == "comment" ? mark::kComments : 0;
    }
    return marks;
  }

  // A cell of a data table: its row is read as one line. (Cells with blocks in them lay out the page.)
  static bool IsPlainCell(html::Node node, std::string_view tag) {
    if (tag != "td" && tag != "th") {
      return false;
    }
    for (html::Node child = node.first_child(); child; child = child.next_sibling()) {
      if (child.is_element() && ((MarksOfTag(child.tag()) & mark::kBlock) != 0 || child.tag() == "br")) {
        return false;
      }
    }
    return true;
  }

  // False: what is below it is skipped.
  bool Open(html::Node node) {
    const std::string_view tag = node.tag();
    if (tag == "br") {
      Break();
      return false;
    }
    const std::uint32_t marks = IsPlainCell(node, tag) ? 0 : MarksOf(node, tag);
    if ((marks & kSkip) != 0) {
      return false;
    }
    if ((marks & mark::kBlock) == 0) {
      const bool dropped =
          (marks & mark::kHidden) != 0 || ((marks & (mark::kDropWord | mark::kLink)) == mark::kDropWord);
      if (dropped) {
        return false;
      }
      const bool link = (marks & mark::kLink) != 0 && node.attribute("href").has_value();
      links_ += link ? 1 : 0;
      link_begins_ = link_begins_ || link;
      open_.push_back({.element = -1, .link = link, .cell = tag == "td" || tag == "th"});
      return true;
    }
    Flush();
    outline_.elements.push_back(
        {.node = node,
         .marks = marks,
         .around = marks | (blocks_.empty() ? 0 : outline_.elements[static_cast<std::size_t>(Block())].around),
         .parent = Block(),
         .first_paragraph = static_cast<int>(outline_.paragraphs.size())});
    blocks_.push_back(static_cast<int>(outline_.elements.size()) - 1);
    open_.push_back({.element = blocks_.back()});
    return true;
  }

  void Close() {
    if (open_.empty()) {
      return;
    }
    const OpenNode closed = open_.back();
    open_.pop_back();
    links_ -= closed.link ? 1 : 0;
    if (closed.cell && !current_.pieces.empty()) {
      current_.pieces.emplace_back(" ");
    }
    if (closed.element >= 0) {
      Flush();
      Element& element = outline_.elements[static_cast<std::size_t>(closed.element)];
      element.end = static_cast<int>(outline_.elements.size());
      element.end_paragraph = static_cast<int>(outline_.paragraphs.size());
      blocks_.pop_back();
    }
  }

  int Block() const { return blocks_.empty() ? -1 : blocks_.back(); }

  void Text(std::string_view text) {
    const std::size_t length = ReadingLength(text);
    if (length == 0 && current_.pieces.empty()) {
      return;
    }
    current_.pieces.push_back(text.empty() ? std::string_view(" ") : text);
    current_.length += length;
    if (links_ > 0) {
      current_.link_length += length;
      current_.links += link_begins_ ? 1 : 0;
      link_begins_ = false;
    }
    if (length > 0) {
      after_break_ = false;
    }
    for (const char c : text) {
      current_.commas += c == ',' ? 1 : 0;
    }
    for (const std::string_view comma : {std::string_view("，"), std::string_view("、")}) {
      for (std::size_t at = text.find(comma); at != std::string_view::npos; at = text.find(comma, at + comma.size())) {
        ++current_.commas;
      }
    }
  }

  void Break() {
    if (after_break_) {
      Flush();
    } else if (!current_.pieces.empty()) {
      current_.pieces.emplace_back();
      after_break_ = true;
    }
  }

  void Flush() {
    if (current_.length > 0) {
      current_.element = Block();
      outline_.paragraphs.push_back(std::move(current_));
    }
    current_ = Paragraph();
    after_break_ = false;
  }

  html::Node body_;
  Outline outline_;
  std::vector<OpenNode> open_;
  std::vector<int> blocks_;
  std::unordered_map<std::string_view, std::uint32_t> names_;
  Paragraph current_;
  int links_ = 0;
  bool link_begins_ = false;
  bool after_break_ = false;
};

bool EndsSentence(std::string_view line) {
  for (const std::string_view end : {".", "!", "?", ":", "\"", "”", "。", "」", "！", "？", "…", ")", "）", "»"}) {
    if (line.ends_with(end)) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string Paragraph::Text() const {
  std::string text;
  std::string line;
  const auto end_line = [&] {
    const std::string collapsed = text::CollapseWhitespace(line);
    if (!collapsed.empty() && !text.empty()) {
      text += EndsSentence(text) ? '\n' : ' ';
    }
    text += collapsed;
    line.clear();
  };
  for (const std::string_view piece : pieces) {
    if (piece.empty()) {
      end_line();
    } else {
      line += piece;
    }
  }
  end_line();
  return text;
}

Outline MakeOutline(const html::Document& document) { return Walker(document.body()).Run(); }

}  // namespace kawat::parse::extract
