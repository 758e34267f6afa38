#include "services/parse/extract/page_facts.h"

#include "services/parse/extract/strings.h"
#include "text/text.h"

namespace kawat::parse::extract {
namespace {

constexpr std::size_t kMaxMetas = 500;
constexpr std::size_t kMaxMetaNameBytes = 100;
constexpr std::size_t kMaxAnchors = 10'000;
constexpr std::size_t kMaxScripts = 50;
constexpr std::size_t kMaxTimes = 200;

bool HasWord(std::string_view list, std::string_view word) {
  while (!(list = Trim(list)).empty()) {
    std::size_t end = 0;
    while (end < list.size() && !IsSpace(list[end])) {
      ++end;
    }
    if (EqualsIgnoringCase(list.substr(0, end), word)) {
      return true;
    }
    list.remove_prefix(end);
  }
  return false;
}

void AddMeta(html::Node node, PageFacts& facts) {
  const std::string_view content = text::Truncate(Trim(node.attribute_or_empty("content")), kMaxFactBytes);
  if (content.empty() || facts.metas.size() >= kMaxMetas) {
    return;
  }
  for (const std::string_view attribute : {"property", "name", "itemprop"}) {
    const std::string_view name = Trim(node.attribute_or_empty(attribute));
    if (!name.empty() && name.size() <= kMaxMetaNameBytes) {
      facts.metas.emplace_back(Lower(name), content);
    }
  }
}

void AddLink(html::Node node, PageFacts& facts) {
  const std::string_view rel = node.attribute_or_empty("rel");
  const std::string_view href = Trim(node.attribute_or_empty("href"));
  if (href.empty()) {
    return;
  }
  if (facts.canonical_href.empty() && HasWord(rel, "canonical")) {
    facts.canonical_href = href;
  }
  const std::string_view type = node.attribute_or_empty("type");
  if (HasWord(rel, "alternate") && facts.feeds.size() < 50 &&
      (ContainsIgnoringCase(type, "rss") || ContainsIgnoringCase(type, "atom") ||
       ContainsIgnoringCase(type, "feed+json"))) {
    facts.feeds.push_back(href);
  }
}

void AddTime(html::Node node, PageFacts& facts) {
  const std::string_view datetime = Trim(node.attribute_or_empty("datetime"));
  if (facts.times.size() >= kMaxTimes || datetime.empty()) {
    return;
  }
  const std::string_view property = node.attribute_or_empty("itemprop");
  const std::string_view classes = node.classes();
  TimeElement time{.datetime = datetime};
  time.modified = property == "dateModified" || ContainsIgnoringCase(classes, "updated") ||
                  ContainsIgnoringCase(classes, "modified");
  time.published =
      !time.modified && (property == "datePublished" || node.attribute("pubdate").has_value() ||
                         ContainsIgnoringCase(classes, "publish") || ContainsIgnoringCase(classes, "entry-date"));
  facts.times.push_back(time);
}

void AddElement(html::Node node, PageFacts& facts) {
  const std::string_view tag = node.tag();
  if (tag == "a") {
    const std::string_view href = Trim(node.attribute_or_empty("href"));
    if (!href.empty() && href.front() != '#' && facts.anchors.size() < kMaxAnchors) {
      facts.anchors.push_back(href);
    }
  } else if (tag == "meta") {
    AddMeta(node, facts);
  } else if (tag == "link") {
    AddLink(node, facts);
  } else if (tag == "script") {
    if (facts.json_ld.size() < kMaxScripts && ContainsIgnoringCase(node.attribute_or_empty("type"), "ld+json") &&
        node.first_child()) {
      facts.json_ld.push_back(node.first_child().text());
    }
  } else if (tag == "time") {
    AddTime(node, facts);
  } else if (tag == "title" && facts.title.empty()) {
    const bool in_svg = node.parent() && node.parent().tag() == "svg";
    facts.title = in_svg ? "" : text::CollapseWhitespace(node.TextContent(kMaxFactBytes));
  } else if (tag == "base" && facts.base_href.empty()) {
    facts.base_href = Trim(node.attribute_or_empty("href"));
  }
}

}  // namespace

std::string_view PageFacts::Meta(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names) {
    for (const auto& [known, content] : metas) {
      if (known == name) {
        return content;
      }
    }
  }
  return {};
}

std::vector<std::string_view> PageFacts::Metas(std::initializer_list<std::string_view> names) const {
  std::vector<std::string_view> all;
  for (const std::string_view name : names) {
    for (const auto& [known, content] : metas) {
      if (known == name) {
        all.push_back(content);
      }
    }
  }
  return all;
}

PageFacts GatherFacts(const html::Document& document) {
  PageFacts facts;
  const html::Node root = document.root();
  if (!root) {
    return facts;
  }
  facts.language = Trim(root.attribute_or_empty("lang"));
  for (html::Node node = root; node;) {
    if (node.is_element()) {
      AddElement(node, facts);
      if (node.tag() == "script" || node.tag() == "style" || node.tag() == "svg") {
        node = node.next_skipping_children(root);
        continue;
      }
    }
    node = node.next_in_document(root);
  }
  return facts;
}

}  // namespace kawat::parse::extract
