#include "services/parse/parse_page.h"

#include <unordered_set>
#include <utility>

#include "absl/status/statusor.h"
#include "article/time_zone.h"
#include "html/document.h"
#include "services/parse/extract/page_facts.h"
#include "services/parse/extract/strings.h"
#include "services/parse/feed.h"
#include "services/parse/links.h"
#include "services/parse/media_type.h"
#include "text/text.h"
#include "url/url.h"

namespace kawat::parse {
namespace {

using article::OutcomeKind;
using article::Reason;

ParsedPage LinksOnly(Reason reason, std::string_view detail) {
  return {.outcome = OutcomeKind::kLinksOnly, .reason = reason, .detail = CleanDetail(detail)};
}

ParsedPage ParseFeedPage(const PageInput& input, const url::Url& url, bool served_as_xml) {
  const auto feed = ParseFeed(input.bytes, input.content_type, url,
                              article::LoadZone(input.source_time_zone).value_or(absl::UTCTimeZone()));
  if (!feed.ok()) {
    const std::string detail(feed.status().message());
    return served_as_xml ? DeadLetterPage(Reason::kMalformedFeed, detail) : LinksOnly(Reason::kNotHtml, detail);
  }
  const bool sitemap = feed->kind == FeedKind::kSitemap;
  ParsedPage parsed = LinksOnly(sitemap ? Reason::kSitemap : Reason::kFeed,
                                extract::Join({std::to_string(feed->entries.size()), " entries"}));
  std::unordered_set<std::string> seen;
  for (const FeedEntry& entry : feed->entries) {
    if (const auto link = url::Canonical(entry.url); link.ok() && seen.insert(*link).second) {
      parsed.links.push_back({.url = *link,
                              .kind = article::LinkKind::kEntry,
                              .title = entry.title,
                              .published_time = entry.published,
                              .modified_time = entry.modified});
    }
  }
  for (const std::string& address : feed->sitemap_urls) {
    if (const auto link = url::Canonical(address); link.ok() && seen.insert(*link).second) {
      parsed.links.push_back({.url = *link, .kind = article::LinkKind::kSitemap});
    }
  }
  return parsed;
}

ParsedPage ParseHtmlPage(const PageInput& input, const url::Url& url) {
  const html::Document document = html::Document::Parse(input.bytes, input.content_type);
  const extract::PageFacts facts = extract::GatherFacts(document);
  extract::ExtractedPage page =
      extract::ExtractArticlePage(document, facts,
                                  {.url = &url,
                                   .source_language = input.source_language,
                                   .zone = article::LoadZone(input.source_time_zone).value_or(absl::UTCTimeZone()),
                                   .fetched_time = input.fetched_time,
                                   .hint_title = input.hint_title,
                                   .hint_published_time = input.hint_published_time,
                                   .announced = input.kind == article::LinkKind::kEntry});
  ParsedPage parsed = LinksOnly(page.reason, page.detail);
  parsed.trace = std::move(page.trace);
  if (page.article) {
    parsed.outcome = OutcomeKind::kArticle;
    parsed.article = std::move(page.article);
    parsed.article->url = url.text();
  }
  if (!ForbidsFollowing(facts, input.robots_tag)) {
    parsed.links = LinksOfPage(facts, url, input.depth);
  }
  return parsed;
}

}  // namespace

std::string CleanDetail(std::string_view detail) {
  return std::string(text::Truncate(text::ToValidUtf8(detail), kMaxDetailBytes));
}

ParsedPage DeadLetterPage(article::Reason reason, std::string_view detail) {
  return {.outcome = OutcomeKind::kDeadLetter, .reason = reason, .detail = CleanDetail(detail)};
}

ParsedPage ParsePageContent(const PageInput& input) {
  const auto url = url::Url::Parse(input.url);
  if (!url.ok()) {
    return DeadLetterPage(Reason::kMalformedRecord, std::string(url.status().message()));
  }
  const Media media = MediaOf(input.content_type, input.bytes);
  switch (media.kind) {
    case MediaKind::kHtml:
      return ParseHtmlPage(input, *url);
    case MediaKind::kFeed:
      return ParseFeedPage(input, *url, media.served_as_xml);
    case MediaKind::kOther:
      break;
  }
  return LinksOnly(Reason::kNotHtml, extract::Join({"content type \"", text::Truncate(input.content_type, 100), "\""}));
}

}  // namespace kawat::parse
