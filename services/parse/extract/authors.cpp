#include "services/parse/extract/authors.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "services/parse/extract/strings.h"
#include "text/text.h"

namespace kawat::parse::extract {
namespace {

constexpr std::size_t kMaxNames = 20;
constexpr std::size_t kMaxNameBytes = 120;
constexpr std::size_t kMaxRawBytes = 2'000;  // of one text that holds names
constexpr std::size_t kMaxRaws = 50;         // of such texts
constexpr std::size_t kMaxBylineNames = 6;
constexpr std::size_t kMaxElements = 1'000;    // that a byline's selector finds
constexpr std::size_t kMaxBylineCost = 4'000;  // of reading an element's text: templates indent it

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

// Each name once, in order.
class Names {
 public:
  bool full() const { return names_.size() >= kMaxNames; }
  void Add(std::string_view text, bool is_first);
  std::vector<std::string> Take() { return std::move(names_); }

 private:
  std::vector<std::string> names_;
  std::unordered_set<std::string> skeletons_;
};

void Names::Add(std::string_view text, bool is_first) {
  text = Trim(WithoutLeadIn(Trim(text)));
  if (const std::size_t parenthesis = text.find(" ("); parenthesis != std::string_view::npos) {
    text = Trim(text.substr(0, parenthesis));
  }
  while (!text.empty() && (text.back() == ',' || text.back() == ':' || text.back() == ';')) {
    text.remove_suffix(1);
  }
  if (!LooksLikeName(text) || (!is_first && IsTitleWord(text)) || full()) {
    return;
  }
  std::string skeleton = Skeleton(text);
  if (!skeleton.empty() && skeletons_.insert(std::move(skeleton)).second) {
    names_.emplace_back(text);
  }
}

void AddNames(std::string_view text, Names& names) {
  bool is_first = true;
  while (!text.empty() && !names.full()) {
    std::size_t end = text.size();
    std::size_t width = 0;
    for (const std::string_view separator : kSeparators) {
      const std::size_t at = text.find(separator);
      if (at < end) {
        end = at;
        width = separator.size();
      }
    }
    names.Add(text.substr(0, end), is_first);
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
    const std::vector<html::Node> found = body.SelectAll(selector, kMaxElements);
    for (std::size_t i = 0; i < found.size() && raw.size() < kMaxBylineNames; ++i) {
      std::string text = text::CollapseWhitespace(found[i].TextContent(kMaxBylineCost));
      if (!text.empty() && text.size() <= kMaxNameBytes) {
        raw.push_back(std::move(text));
      }
    }
    std::vector<std::string> names = CleanNames(raw);
    if (!names.empty() && names.size() <= kMaxBylineNames) {
      return {std::move(names), Join({"byline ", selector})};
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> CleanNames(const std::vector<std::string>& raw) {
  Names names;
  for (std::size_t i = 0; i < raw.size() && i < kMaxRaws; ++i) {
    AddNames(text::CollapseWhitespace(text::Truncate(raw[i], kMaxRawBytes)), names);
  }
  return names.Take();
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
