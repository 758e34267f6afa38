#include <boost/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "services/newsroom/markup.h"
#include "services/newsroom/outlets.h"
#include "services/newsroom/vocabulary.h"

namespace kawat::newsroom {
namespace {

namespace json = boost::json;

std::string Meta(std::string_view attribute, std::string_view name, std::string_view content) {
  return absl::StrCat("<meta ", std::string(attribute), "=\"", std::string(name), "\" content=\"", Escape(content),
                      "\">\n");
}

std::string SectionName(const ArticlePage& page) {
  return std::string(VocabularyOf(page.outlet.language).sections[page.article.section]);
}

std::string Published(const ArticlePage& page) {
  return Write(page.article.published, page.outlet.time_form, page.outlet.utc_offset_seconds);
}

std::string TimeElement(const ArticlePage& page) {
  const absl::TimeZone zone = absl::FixedTimeZone(page.outlet.utc_offset_seconds);
  return absl::StrCat("<time datetime=\"", Published(page), "\">",
                      absl::FormatTime("%d.%m.%Y %H:%M", page.article.published, zone), "</time>");
}

std::string Paragraphs(const ArticlePage& page) {
  std::string out;
  for (const std::string& paragraph : page.content.paragraphs) {
    absl::StrAppend(&out, "<p>", Escape(paragraph), "</p>\n");
  }
  if (!page.article.credit.empty()) {
    absl::StrAppend(&out, "<p>", Escape(page.article.credit), "</p>\n");
  }
  return out;
}

std::string JsonLd(const ArticlePage& page) {
  json::array authors;
  for (const std::string& author : page.article.authors) {
    authors.push_back({{"@type", "Person"}, {"name", author}});
  }
  json::object object = {
      {"@context", "https://schema.org"},
      {"@type", "NewsArticle"},
      {"mainEntityOfPage", page.article.url},
      {"headline", page.content.title},
      {"datePublished", Published(page)},
      {"dateModified", Write(page.modified, page.outlet.time_form, page.outlet.utc_offset_seconds)},
      {"articleSection", SectionName(page)},
      {"inLanguage", page.outlet.language},
      {"publisher", {{"@type", "NewsMediaOrganization"}, {"name", page.outlet.name}}},
  };
  if (!authors.empty()) {
    object["author"] = std::move(authors);
  }
  const std::string text = absl::StrReplaceAll(json::serialize(object), {{"</", "<\\/"}});
  return absl::StrCat("<script type=\"application/ld+json\">", text, "</script>\n");
}

std::string Head(const ArticlePage& page, std::string_view more, bool site_in_title) {
  return absl::StrCat("<!DOCTYPE html>\n<html lang=\"", page.outlet.language,
                      "\">\n<head>\n<meta charset=\"utf-8\">\n<title>", Escape(page.content.title),
                      site_in_title ? absl::StrCat(" | ", Escape(page.outlet.name)) : "",
                      "</title>\n<link rel=\"stylesheet\" href=\"data:text/css,\">\n", std::string(more), "</head>\n");
}

std::string Canonical(const ArticlePage& page) {
  return absl::StrCat("<link rel=\"canonical\" href=\"", Escape(page.article.url), "\">\n");
}

std::string Navigation(const ArticlePage& page) {
  std::string items;
  const Vocabulary& vocabulary = VocabularyOf(page.outlet.language);
  for (int section = 0; section < static_cast<int>(vocabulary.sections.size()); ++section) {
    absl::StrAppend(&items, "<li><a href=\"https://", page.outlet.host, SectionPath(page.outlet, section), "\">",
                    std::string(vocabulary.sections[section]), "</a></li>");
  }
  return absl::StrCat("<nav class=\"main-nav\"><ul><li><a href=\"", page.outlet.homepage_url, "\">",
                      Escape(page.outlet.name), "</a></li>", items, "</ul></nav>\n");
}

std::string Related(const ArticlePage& page) {
  std::string items;
  for (const Entry& entry : page.related) {
    absl::StrAppend(&items, "<li><a href=\"", Escape(entry.url), "\">", Escape(entry.title), "</a></li>\n");
  }
  return items.empty() ? "" : absl::StrCat("<aside class=\"related\"><ul>\n", items, "</ul></aside>\n");
}

std::string Footer(const ArticlePage& page) {
  return absl::StrCat("<footer class=\"site-footer\"><p>", Escape(page.outlet.name),
                      "</p></footer>\n</body>\n</html>\n");
}

std::string AuthorLinks(const ArticlePage& page, std::string_view attributes) {
  std::vector<std::string> names;
  names.reserve(page.article.authors.size());
  for (const std::string& author : page.article.authors) {
    names.push_back(absl::StrCat("<span ", std::string(attributes), ">", Escape(author), "</span>"));
  }
  return absl::StrJoin(names, page.outlet.language == "ja" ? "、" : ", ");
}

std::string RenderJsonLd(const ArticlePage& page) {
  return absl::StrCat(
      Head(page, absl::StrCat(Canonical(page), Meta("property", "og:title", page.content.title), JsonLd(page)), true),
      "<body>\n<header>", Navigation(page), "</header>\n<main>\n<article class=\"story\">\n<h1>",
      Escape(page.content.title), "</h1>\n<div class=\"article-meta\">", AuthorLinks(page, "class=\"author\""), " ",
      TimeElement(page), "</div>\n<div class=\"article-body\">\n", Paragraphs(page),
      "</div>\n<div class=\"share\"><a href=\"#share\">Share</a></div>\n</article>\n", Related(page), "</main>\n",
      Footer(page));
}

std::string RenderMeta(const ArticlePage& page) {
  std::string meta = absl::StrCat(Canonical(page), Meta("name", "description", page.content.paragraphs[0]),
                                  Meta("property", "article:published_time", Published(page)));
  for (const std::string& author : page.article.authors) {
    absl::StrAppend(&meta, Meta("name", "author", author));
  }
  return absl::StrCat(Head(page, meta, true), "<body>\n", Navigation(page),
                      "<div id=\"content\">\n<h1 class=\"headline\">", Escape(page.content.title),
                      "</h1>\n<div class=\"story-content\">\n", Paragraphs(page), "</div>\n</div>\n", Related(page),
                      Footer(page));
}

std::string RenderArticleTag(const ArticlePage& page) {
  const std::string byline =
      page.article.authors.empty()
          ? ""
          : absl::StrCat("<p class=\"byline\">", AuthorLinks(page, "rel=\"author\" class=\"author\""), "</p>\n");
  return absl::StrCat(Head(page, "", false), "<body>\n", Navigation(page), "<article>\n<header>\n<h1>",
                      Escape(page.content.title), "</h1>\n", byline, TimeElement(page), "\n</header>\n",
                      Paragraphs(page), "</article>\n", Related(page), Footer(page));
}

std::string RenderTable(const ArticlePage& page) {
  const std::string byline =
      page.article.authors.empty()
          ? ""
          : absl::StrCat("<div class=\"byline\">", AuthorLinks(page, "itemprop=\"author\""), "</div>\n");
  return absl::StrCat(
      Head(page, absl::StrCat("<meta itemprop=\"datePublished\" content=\"", Published(page), "\">\n"), true),
      "<body>\n<table class=\"layout\"><tr><td class=\"menu\">", Navigation(page),
      "</td>\n<td class=\"middle\">\n<h1 class=\"title\">", Escape(page.content.title), "</h1>\n", byline,
      "<div class=\"date\">", TimeElement(page), "</div>\n<div class=\"text\">\n", Paragraphs(page),
      "</div>\n</td>\n<td class=\"right\">", Related(page), "</td></tr></table>\n", Footer(page));
}

std::string RenderOpenGraph(const ArticlePage& page) {
  std::string meta =
      absl::StrCat(Meta("property", "og:type", "article"), Meta("property", "og:url", page.article.url),
                   Meta("property", "og:title", page.content.title), Meta("property", "og:site_name", page.outlet.name),
                   Meta("property", "article:published_time", Published(page)),
                   Meta("property", "article:section", SectionName(page)));
  for (const std::string& author : page.article.authors) {
    absl::StrAppend(&meta, Meta("property", "article:author", author));
  }
  return absl::StrCat(Head(page, meta, true), "<body>\n", Navigation(page), "<main>\n<h1>", Escape(page.content.title),
                      "</h1>\n<section class=\"story-body\">\n", Paragraphs(page), "</section>\n</main>\n",
                      Related(page), Footer(page));
}

}  // namespace

std::string Escape(std::string_view text) {
  return absl::StrReplaceAll(std::string(text), {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

std::string RenderArticle(const ArticlePage& page) {
  switch (page.outlet.style) {
    case Style::kJsonLd:
      return RenderJsonLd(page);
    case Style::kMeta:
      return RenderMeta(page);
    case Style::kArticleTag:
      return RenderArticleTag(page);
    case Style::kTable:
      return RenderTable(page);
    case Style::kOpenGraph:
      break;
  }
  return RenderOpenGraph(page);
}

}  // namespace kawat::newsroom
