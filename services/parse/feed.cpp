#include "services/parse/feed.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "html/document.h"
#include "services/parse/dates.h"
#include "services/parse/xml.h"
#include "text/text.h"

namespace kawat::parse {
namespace {

constexpr std::array<std::string_view, 6> kRoots = {"rss", "rdf", "feed", "channel", "urlset", "sitemapindex"};
constexpr std::size_t kMaxRawTitleBytes = 8'192;
constexpr int kMaxChannelDepth = 4;
constexpr std::size_t kMaxHtmlTitles = kMaxFeedEntries;  // beyond, titles are taken as they stand

bool IsIn(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

class FeedReader {
 public:
  explicit FeedReader(absl::TimeZone assumed) : assumed_(assumed) {}

  absl::StatusOr<Feed> Read(XmlElement root, const url::Url& base) {
    const std::string name = root.name();
    if (name == "urlset" || name == "sitemapindex") {
      feed_.kind = FeedKind::kSitemap;
      ReadSitemap(root, BaseOf(root, base));
    } else if (IsIn(name, {"rss", "rdf", "feed", "channel"})) {
      html_titles_ = name != "feed";
      ReadFeed(root, BaseOf(root, base), 0);
    } else {
      return absl::InvalidArgumentError(absl::StrCat("neither feed nor sitemap: <", name, ">"));
    }
    return std::move(feed_);
  }

 private:
  // What references in `element` are relative to, given what those in its parent are.
  static url::Url BaseOf(XmlElement element, const url::Url& base) {
    if (const std::optional<std::string> own = element.attribute("base")) {
      if (absl::StatusOr<url::Url> resolved = url::Url::Resolve(*own, base); resolved.ok()) {
        return *std::move(resolved);
      }
    }
    return base;
  }

  // Entries stand below the root or its channel.
  void ReadFeed(XmlElement parent, const url::Url& base, int depth) {
    for (XmlElement child = parent.first_child(); child && feed_.entries.size() < kMaxFeedEntries;
         child = child.next_sibling()) {
      const std::string name = child.name();
      if (name == "item" || name == "entry") {
        ReadEntry(child, BaseOf(child, base));
      } else if (name == "channel" && depth < kMaxChannelDepth) {
        ReadFeed(child, BaseOf(child, base), depth + 1);
      }
    }
  }

  void ReadEntry(XmlElement entry, const url::Url& base) {
    std::optional<std::string> url = EntryUrl(entry, base);
    if (!url) {
      return;
    }
    FeedEntry result{.url = *std::move(url)};
    std::optional<absl::Time> date;
    std::string other_title;
    for (XmlElement child = entry.first_child(); child; child = child.next_sibling()) {
      const std::string name = child.name();
      if (name == "title") {
        std::string& title = IsCore(child, entry) ? result.title : other_title;
        title = title.empty() ? ReadTitle(child) : title;
      } else if (IsIn(name, {"pubdate", "published", "issued", "created"})) {
        KeepFirst(result.published, child);
      } else if (IsIn(name, {"updated", "modified"})) {
        KeepFirst(result.modified, child);
      } else if (name == "date") {
        KeepFirst(date, child);
      }
    }
    result.title = result.title.empty() ? other_title : result.title;
    result.published = result.published ? result.published : date;
    result.modified = result.modified ? result.modified : date;
    feed_.entries.push_back(std::move(result));
  }

  // The best of an entry's links that resolves. Lower rank is better.
  static std::optional<std::string> EntryUrl(XmlElement entry, const url::Url& base) {
    std::vector<std::pair<int, std::string>> candidates;  // rank, absolute URL
    const auto offer = [&](int rank, const XmlElement& where, std::string_view reference) {
      if (const std::optional<std::string> url = Resolve(reference, where == entry ? base : BaseOf(where, base))) {
        candidates.emplace_back(rank, *url);
      }
    };
    for (XmlElement child = entry.first_child(); child; child = child.next_sibling()) {
      const std::string name = child.name();
      if (name == "origlink") {  // FeedBurner's <link> is a detour
        offer(0, child, child.Text());
      } else if (const std::optional<std::string> href = child.attribute("href"); name == "link" && href) {
        const std::string rel = child.attribute("rel").value_or("alternate");
        const std::string type = child.attribute("type").value_or("text/html");
        if (rel == "alternate") {
          offer(type.find("html") != std::string::npos ? 1 : 2, child, *href);
        }
      } else if (name == "link" && IsCore(child, entry)) {
        offer(1, child, child.Text());
      } else if ((name == "guid" && child.attribute("isPermaLink").value_or("true") != "false") ||
                 (name == "id" && IsCore(child, entry))) {
        const std::string id = child.Text();
        if (id.find("://") != std::string::npos) {
          offer(3, child, id);
        }
      }
    }
    if (const std::optional<std::string> about = entry.attribute("about")) {
      offer(4, entry, *about);
    }
    const auto best = std::ranges::min_element(candidates, {}, &std::pair<int, std::string>::first);
    return best == candidates.end() ? std::nullopt : std::optional(best->second);
  }

  void ReadSitemap(XmlElement root, const url::Url& base) {
    for (XmlElement child = root.first_child();
         child && feed_.entries.size() + feed_.sitemap_urls.size() < kMaxFeedEntries; child = child.next_sibling()) {
      const std::string name = child.name();
      FeedEntry entry;
      ReadLocation(child, child, BaseOf(child, base), entry);
      if (entry.url.empty()) {
        continue;
      }
      if (name == "sitemap") {
        feed_.sitemap_urls.push_back(std::move(entry.url));
      } else if (name == "url") {
        feed_.entries.push_back(std::move(entry));
      }
    }
  }

  // Fields of a <url> or <sitemap>, and of the <news:news> in it.
  void ReadLocation(XmlElement parent, XmlElement location, const url::Url& base, FeedEntry& entry) {
    for (XmlElement child = parent.first_child(); child; child = child.next_sibling()) {
      const std::string name = child.name();
      if (name == "loc" && IsCore(child, location)) {
        entry.url = Resolve(child.Text(), BaseOf(child, base)).value_or("");
      } else if (name == "lastmod") {
        KeepFirst(entry.modified, child);
      } else if (name == "publication_date") {
        KeepFirst(entry.published, child);
      } else if (name == "title" && child.prefix() == parent.prefix()) {
        entry.title = ReadTitle(child);
      } else if (name == "news" && parent.name() == "url") {
        ReadLocation(child, location, base, entry);
      }
    }
  }

  // Of the format itself, not of an extension (media:title, itunes:title, image:loc).
  static bool IsCore(XmlElement element, XmlElement parent) {
    const std::string prefix = element.prefix();
    return prefix.empty() || prefix == "atom" || prefix == parent.prefix();
  }

  void KeepFirst(std::optional<absl::Time>& time, XmlElement element) const {
    if (const std::optional<ParsedTime> parsed = time ? std::nullopt : ParseTime(element.Text(), assumed_)) {
      time = parsed->time;
    }
  }

  // Titles of RSS are HTML by custom, of Atom by declaration.
  std::string ReadTitle(XmlElement element) {
    std::string title(text::Truncate(element.Text(), kMaxRawTitleBytes));
    const bool html = html_titles_ || element.attribute("type").value_or("text").find("html") != std::string::npos;
    if (html && !element.has_children() && title.find_first_of("<&") != std::string::npos &&
        ++html_titles_read_ <= kMaxHtmlTitles) {
      title = html::Document::Parse(absl::StrCat("<body>", title), "text/html; charset=utf-8").body().TextContent();
    }
    return std::string(text::Truncate(text::CollapseWhitespace(title), kMaxFeedTitleBytes));
  }

  static std::optional<std::string> Resolve(std::string_view reference, const url::Url& base) {
    const std::size_t begin = reference.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) {
      return std::nullopt;  // would be the feed itself
    }
    const absl::StatusOr<url::Url> resolved = url::Url::Resolve(reference.substr(begin), base);
    return resolved.ok() ? std::optional(resolved->text()) : std::nullopt;
  }

  absl::TimeZone assumed_;
  bool html_titles_ = true;
  std::size_t html_titles_read_ = 0;
  Feed feed_;
};

// The local name of the first element, lower case; empty if it is not seen. Works for UTF-16 too, whose zero bytes are
// left out.
std::string FirstElement(std::string_view bytes) {
  std::string start(bytes.substr(0, 16'384));
  std::erase(start, '\0');
  absl::AsciiStrToLower(&start);
  std::string_view rest = start;
  for (;;) {
    const std::size_t tag = rest.find('<');
    if (tag == std::string_view::npos) {
      return {};
    }
    rest.remove_prefix(tag + 1);
    const std::string_view end = rest.starts_with("!--") ? "-->"
                                 : rest.starts_with("?") ? "?>"
                                 : rest.starts_with("!") ? ">"
                                                         : "";
    if (end.empty()) {
      break;
    }
    rest.remove_prefix(std::min(rest.find(end), rest.size()));
  }
  const std::string_view name = rest.substr(0, rest.find_first_of(" \t\r\n/>"));
  return std::string(name.substr(name.rfind(':') + 1));
}

bool IsXmlType(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  absl::StripAsciiWhitespace(&type);
  absl::AsciiStrToLower(&type);
  return (type.ends_with("/xml") || type.ends_with("+xml") || type.ends_with("/rss") || type.ends_with("/atom")) &&
         type != "application/xhtml+xml";
}

}  // namespace

bool LooksLikeFeed(std::string_view bytes, std::string_view content_type) {
  const std::string first = FirstElement(bytes);
  return std::ranges::find(kRoots, first) != kRoots.end() ||
         (IsXmlType(content_type) && first != "html" && first != "svg");
}

absl::StatusOr<Feed> ParseFeed(std::string_view bytes, std::string_view content_type, const url::Url& base_url,
                               absl::TimeZone assumed) {
  KAWAT_ASSIGN_OR_RETURN(const XmlDocument document, XmlDocument::Parse(bytes, content_type));
  return FeedReader(assumed).Read(document.root(), base_url);
}

}  // namespace kawat::parse
