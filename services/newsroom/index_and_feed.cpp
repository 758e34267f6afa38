#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/newsroom/markup.h"
#include "services/newsroom/outlets.h"
#include "services/newsroom/vocabulary.h"

namespace kawat::newsroom {
namespace {

std::string ListOf(std::string_view css_class, const std::vector<Entry>& entries) {
  std::string out = absl::StrCat("<ul class=\"", std::string(css_class), "\">\n");
  for (const Entry& entry : entries) {
    absl::StrAppend(&out, "<li><a href=\"", Escape(entry.url), "\">", Escape(entry.title), "</a></li>\n");
  }
  return out + "</ul>\n";
}

// As long as a headline: a page of links must be known as one while its outlet has published nothing yet.
std::vector<Entry> Teasers(const Outlet& outlet, std::vector<Entry> network) {
  for (Entry& entry : network) {
    if (outlet.language == "id") {
      entry.title = absl::StrCat("Baca berita terbaru hari ini dari ", entry.title);
    } else if (outlet.language == "ja") {
      entry.title = absl::StrCat(entry.title, "が伝える今日の最新ニュースを読む");
    } else {
      entry.title = absl::StrCat("Read the latest stories of today from ", entry.title);
    }
  }
  return network;
}

// What readers' programs count clicks by; the canonical form of a URL drops it.
std::string Tracked(const Outlet& outlet, const std::string& url) {
  if (!outlet.tracking) {
    return url;
  }
  return absl::StrCat(url, absl::StrContains(url, "?") ? "&" : "?", "utm_source=feed&utm_medium=rss");
}

std::string RenderRss(const Outlet& outlet, const std::vector<FeedEntry>& entries, absl::Time changed) {
  std::string out = absl::StrCat(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" "
      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel>\n<title>",
      Escape(outlet.name), "</title>\n<link>https://", outlet.host, "/</link>\n<description>", Escape(outlet.name),
      "</description>\n<language>", outlet.language, "</language>\n<lastBuildDate>",
      WriteMailDate(changed, outlet.utc_offset_seconds), "</lastBuildDate>\n");
  bool cdata = false;  // every other title, as some programs write them
  for (const FeedEntry& entry : entries) {
    cdata = !cdata;
    absl::StrAppend(&out, "<item>\n<title>",
                    cdata ? absl::StrCat("<![CDATA[", entry.link.title, "]]>") : Escape(entry.link.title),
                    "</title>\n<link>", Escape(Tracked(outlet, entry.link.url)),
                    "</link>\n<guid isPermaLink=\"false\">", Escape(entry.link.url), "</guid>\n");
    if (entry.has_times) {
      absl::StrAppend(&out, "<pubDate>", WriteMailDate(entry.published, outlet.utc_offset_seconds),
                      "</pubDate>\n<atom:updated>", Write(entry.modified, TimeForm::kColon, outlet.utc_offset_seconds),
                      "</atom:updated>\n");
    }
    for (const std::string& author : entry.authors) {
      absl::StrAppend(&out, "<dc:creator>", Escape(author), "</dc:creator>\n");
    }
    if (!entry.summary.empty()) {
      absl::StrAppend(&out, "<description>", Escape(entry.summary), "</description>\n");
    }
    absl::StrAppend(&out, "</item>\n");
  }
  return out + "</channel>\n</rss>\n";
}

std::string RenderAtom(const Outlet& outlet, const std::vector<FeedEntry>& entries, absl::Time changed) {
  std::string out = absl::StrCat(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"",
      outlet.language, "\">\n<id>", outlet.feed_url, "</id>\n<title>", Escape(outlet.name),
      "</title>\n<link rel=\"self\" href=\"", outlet.feed_url, "\"/>\n<updated>", WriteRfc3339(changed),
      "</updated>\n");
  for (const FeedEntry& entry : entries) {
    absl::StrAppend(&out, "<entry>\n<id>", Escape(entry.link.url), "</id>\n<title type=\"text\">",
                    Escape(entry.link.title), "</title>\n<link rel=\"alternate\" type=\"text/html\" href=\"",
                    Escape(Tracked(outlet, entry.link.url)), "\"/>\n");
    const absl::Time modified = entry.has_times ? entry.modified : absl::UnixEpoch();
    absl::StrAppend(&out, "<updated>", Write(modified, TimeForm::kColon, outlet.utc_offset_seconds), "</updated>\n");
    if (entry.has_times) {
      absl::StrAppend(&out, "<published>", Write(entry.published, TimeForm::kColon, outlet.utc_offset_seconds),
                      "</published>\n");
    }
    for (const std::string& author : entry.authors) {
      absl::StrAppend(&out, "<author><name>", Escape(author), "</name></author>\n");
    }
    if (!entry.summary.empty()) {
      absl::StrAppend(&out, "<summary>", Escape(entry.summary), "</summary>\n");
    }
    absl::StrAppend(&out, "</entry>\n");
  }
  return out + "</feed>\n";
}

}  // namespace

std::string RenderIndex(const Outlet& outlet, std::string_view heading, const std::vector<Entry>& headlines,
                        const std::vector<Entry>& network) {
  const Vocabulary& vocabulary = VocabularyOf(outlet.language);
  std::vector<Entry> sections;
  sections.reserve(vocabulary.sections.size());
  for (int section = 0; section < static_cast<int>(vocabulary.sections.size()); ++section) {
    sections.push_back({absl::StrCat("https://", outlet.host, SectionPath(outlet, section)),
                        std::string(vocabulary.sections[section])});
  }
  const std::string title = heading.empty() ? outlet.name : absl::StrCat(std::string(heading), " | ", outlet.name);
  return absl::StrCat("<!DOCTYPE html>\n<html lang=\"", outlet.language,
                      "\">\n<head>\n<meta charset=\"utf-8\">\n<title>", Escape(title),
                      "</title>\n<link rel=\"alternate\" type=\"", std::string(FeedContentType(outlet)), "\" href=\"",
                      outlet.feed_url, "\">\n<meta property=\"og:type\" content=\"website\">\n</head>\n<body>\n<nav>\n",
                      ListOf("sections", sections), "</nav>\n<main>\n<h1>",
                      Escape(heading.empty() ? outlet.name : std::string(heading)), "</h1>\n",
                      ListOf("headlines", headlines), ListOf("headlines", Teasers(outlet, network)),
                      "</main>\n<footer>\n<p>", Escape(outlet.name), "</p>\n</footer>\n</body>\n</html>\n");
}

std::string RenderFeed(const Outlet& outlet, const std::vector<FeedEntry>& entries, absl::Time changed) {
  return outlet.feed_format == FeedFormat::kRss ? RenderRss(outlet, entries, changed)
                                                : RenderAtom(outlet, entries, changed);
}

std::string_view FeedContentType(const Outlet& outlet) {
  return outlet.feed_format == FeedFormat::kRss ? "application/rss+xml" : "application/atom+xml";
}

}  // namespace kawat::newsroom
