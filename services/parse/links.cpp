#include "services/parse/links.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>

#include "services/parse/extract/strings.h"

namespace kawat::parse {
namespace {

// Nothing that could be an article or lead to one.
bool IsNoPage(std::string_view path) {
  static constexpr auto kEndings = std::to_array<std::string_view>(
      {".jpg", ".jpeg", ".png", ".gif",  ".webp", ".svg",  ".ico",  ".css",   ".js",  ".pdf",
       ".mp3", ".mp4",  ".m4a", ".avi",  ".mov",  ".zip",  ".gz",   ".rar",   ".exe", ".apk",
       ".doc", ".docx", ".xls", ".xlsx", ".ppt",  ".pptx", ".woff", ".woff2", ".ics", ".vcf"});
  const std::string lower = extract::Lower(path.substr(path.size() - std::min<std::size_t>(path.size(), 6)));
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return lower.ends_with(ending); });
}

}  // namespace

std::vector<article::Link> LinksOfPage(const extract::PageFacts& facts, const url::Url& page, int depth) {
  url::Url base = page;
  if (!facts.base_href.empty()) {
    if (const auto given = url::Url::Resolve(facts.base_href, page); given.ok()) {
      base = *given;
    }
  }
  const std::string domain = url::RegistrableDomain(page.host());
  std::unordered_set<std::string> seen = {url::Canonical(page)};
  std::unordered_set<std::string_view> hrefs;
  std::vector<article::Link> links;
  const auto add = [&](std::string_view href, article::LinkKind kind) {
    if (links.size() >= kMaxPageLinks || !hrefs.insert(href).second) {
      return;
    }
    const auto url = url::Url::Resolve(href, base);
    if (!url.ok() || IsNoPage(url->path()) ||
        (url->host() != page.host() && url::RegistrableDomain(url->host()) != domain)) {
      return;
    }
    std::string canonical = url::Canonical(*url);
    if (seen.insert(canonical).second) {
      links.push_back({.url = std::move(canonical), .kind = kind, .depth = depth + 1});
    }
  };
  for (const std::string_view href : facts.feeds) {
    add(href, article::LinkKind::kFeed);
  }
  for (const std::string_view href : facts.anchors) {
    add(href, article::LinkKind::kPage);
  }
  return links;
}

bool ForbidsFollowing(const extract::PageFacts& facts, std::string_view robots_tag) {
  const auto forbids = [](std::string_view rules) {
    return extract::ContainsIgnoringCase(rules, "nofollow") ||
           extract::EqualsIgnoringCase(extract::Trim(rules), "none");
  };
  return forbids(robots_tag) || forbids(facts.Meta({"robots"}));
}

}  // namespace kawat::parse
