#include "services/parse/extract/authors.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "services/parse/extract/strings.h"
#include "text/text.h"

namespace kawat::parse::extract {
namespace {

constexpr std::size_t kMaxNames = 20;
constexpr std::size_t kMaxNameBytes = 120;

constexpr auto kLeadIns = std::to_array<std::string_view>(
    {"by ",      "by: ",    "von ",     "von: ",     "oleh ",       "oleh: ",       "par ",      "por ",
     "di ",      "door ",   "af ",      "av ",       "written by ", "reported by ", "story by ", "text: ",
     "text by ", "autor: ", "author: ", "penulis: ", "reporter: ",  "文／",         "文/",       "文・"});
constexpr auto kSeparators = std::to_array<std::string_view>(
    {", ", ";", " & ", " and ", " und ", " dan ", " et ", " y ", " | ", "、", "，", " / ", "\n", ","});
// What follows a comma and is no name.
constexpr auto kTitles = std::to_array<std::string_view>(
    {"reporter",  "editor",      "correspondent", "writer", "journalist", "redakteur", "redakteurin", "redaktion",
     "columnist", "contributor", "staff",         "author", "senior",     "chief",     "producer",    "photographer",
     "freelance", "md",          "phd",           "ph.d.",  "jr.",        "jr",        "associate",   "deputy"});

bool IsTitleWord(std::string_view text) {
  return std::any_of(kTitles.begin(), kTitles.end(), [&](std::string_view title) {
    return StartsWithIgnoringCase(text, title) &&
           (text.size() == title.size() || text[title.size()] == ' ' || text[title.size()] == '-');
  });
}

bool LooksLikeName(std::string_view text) {
  if (text.empty() || text.size() > kMaxNameBytes ||
      ContainsAny(text, {"http:", "https:", "www.", "@", "{", "<", "\\"})) {
    return false;
  }
  const std::size_t digits = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), IsDigit));
  const std::size_t spaces = static_cast<std::size_t>(std::count(text.begin(), text.end(), ' '));
  return digits <= 3 && spaces <= 7 && !EqualsIgnoringCase(text, "admin") && !EqualsIgnoringCase(text, "null") &&
         !EqualsIgnoringCase(text, "undefined") && !EqualsIgnoringCase(text, "none");
}

std::string_view WithoutLeadIn(std::string_view text) {
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view lead : kLeadIns) {
      if (StartsWithIgnoringCase(text, lead)) {
        text = Trim(text.substr(lead.size()));
        again = true;
      }
    }
  }
  return text;
}

void AddName(std::string_view text, bool is_first, std::vector<std::string>& names) {
  text = Trim(WithoutLeadIn(Trim(text)));
  if (const std::size_t parenthesis = text.find(" ("); parenthesis != std::string_view::npos) {
    text = Trim(text.substr(0, parenthesis));
  }
  while (!text.empty() && (text.back() == ',' || text.back() == ':' || text.back() == ';')) {
    text.remove_suffix(1);
  }
  if (!LooksLikeName(text) || (!is_first && IsTitleWord(text)) || names.size() >= kMaxNames) {
    return;
  }
  const std::string skeleton = Skeleton(text);
  const bool known =
      std::any_of(names.begin(), names.end(), [&](const std::string& name) { return Skeleton(name) == skeleton; });
  if (!skeleton.empty() && !known) {
    names.emplace_back(text);
  }
}

void AddNames(std::string_view text, std::vector<std::string>& names) {
  bool is_first = true;
  while (!text.empty()) {
    std::size_t end = text.size();
    std::size_t width = 0;
    for (const std::string_view separator : kSeparators) {
      const std::size_t at = text.find(separator);
      if (at < end) {
        end = at;
        width = separator.size();
      }
    }
    AddName(text.substr(0, end), is_first, names);
    is_first = false;
    text.remove_prefix(std::min(text.size(), end + width));
  }
}

// A byline is short and names people; the first selector that gives a name wins.
Authors FromBylines(html::Node body) {
  static constexpr auto kSelectors = std::to_array<std::string_view>(
      {"[itemprop=author] [itemprop=name]", "[itemprop=author]", "[rel=author]", ".author-name", ".byline-name",
       ".byline__name", ".byline a", ".byline", ".author a", ".author", ".article-author", ".article__author",
       ".post-author", ".entry-author", ".reporter", ".penulis", ".autor"});
  if (!body) {
    return {};
  }
  for (const std::string_view selector : kSelectors) {
    std::vector<std::string> raw;
    for (const html::Node node : body.SelectAll(selector)) {
      const std::string text = text::CollapseWhitespace(node.TextContent());
      if (!text.empty() && text.size() <= kMaxNameBytes && raw.size() < 6) {
        raw.push_back(text);
      }
    }
    std::vector<std::string> names = CleanNames(raw);
    if (!names.empty() && names.size() <= 6) {
      return {std::move(names), Join({"byline ", selector})};
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> CleanNames(const std::vector<std::string>& raw) {
  std::vector<std::string> names;
  for (const std::string& text : raw) {
    AddNames(text::CollapseWhitespace(text), names);
  }
  return names;
}

Authors FindAuthors(const JsonLdArticle& json_ld, const PageFacts& facts, html::Node body) {
  if (std::vector<std::string> names = CleanNames(json_ld.authors); !names.empty()) {
    return {std::move(names), "json-ld author"};
  }
  static constexpr auto kMetas = std::to_array<std::string_view>(
      {"author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl",
       "cxenseparse:author", "og:article:author", "citation_author", "twitter:creator"});
  for (const std::string_view meta : kMetas) {
    std::vector<std::string> raw;
    for (const std::string_view content : facts.Metas({meta})) {
      raw.push_back(DecodeEntities(content));
    }
    if (std::vector<std::string> names = CleanNames(raw); !names.empty()) {
      return {std::move(names), Join({"meta ", meta})};
    }
  }
  return FromBylines(body);
}

}  // namespace kawat::parse::extract
