// What tags say of an element.
#include <string_view>
#include <unordered_map>

#include "services/parse/extract/marks.h"

namespace kawat::parse::extract {

std::uint32_t MarksOfTag(std::string_view tag) {
  static const std::unordered_map<std::string_view, std::uint32_t>* const known_tags = [] {
    auto* tags = new std::unordered_map<std::string_view, std::uint32_t>;
    for (const std::string_view name :
         {"body", "center",  "dd",      "details", "dir",   "div", "dl",    "dt", "fieldset", "hgroup", "hr", "ol",
          "pre",  "section", "summary", "table",   "tbody", "td",  "tfoot", "th", "thead",    "tr",     "ul"}) {
      tags->emplace(name, mark::kBlock);
    }
    for (const std::string_view name :
         {"address", "aside", "figcaption", "figure", "footer", "form", "menu", "nav", "caption"}) {
      tags->emplace(name, mark::kBlock | mark::kDropTag);
    }
    for (const std::string_view name :
         {"script",   "style", "noscript", "template", "iframe", "svg",      "canvas", "object",
          "embed",    "video", "audio",    "button",   "select", "textarea", "input",  "option",
          "datalist", "map",   "dialog",   "amp-ad",   "rp",     "rt",       "meta",   "link"}) {
      tags->emplace(name, kSkip);
    }
    for (const std::string_view name : {"h1", "h2", "h3", "h4", "h5", "h6"}) {
      tags->emplace(name, mark::kBlock | mark::kHeading | (name == "h1" ? mark::kFirstHeading : 0));
    }
    tags->emplace("p", mark::kBlock | mark::kParagraph);
    tags->emplace("li", mark::kBlock | mark::kListItem);
    tags->emplace("blockquote", mark::kBlock | mark::kQuote);
    tags->emplace("header", mark::kBlock | mark::kWeakWord);
    tags->emplace("article", mark::kBlock | mark::kArticleTag);
    tags->emplace("main", mark::kBlock | mark::kMainName);
    tags->emplace("a", mark::kLink);
    return tags;
  }();
  const auto found = known_tags->find(tag);
  if (found != known_tags->end()) {
    return found->second;
  }
  return tag.find('-') != std::string_view::npos ? mark::kBlock : 0;  // custom elements are components
}

}  // namespace kawat::parse::extract
