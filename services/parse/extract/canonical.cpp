#include "services/parse/extract/canonical.h"

#include <utility>

namespace kawat::parse::extract {

CanonicalUrl FindCanonicalUrl(const PageFacts& facts, const url::Url& page) {
  const std::pair<std::string_view, std::string_view> claims[] = {{facts.canonical_href, "rel=canonical"},
                                                                  {facts.Meta({"og:url"}), "og:url"}};
  for (const auto& [href, rule] : claims) {
    if (href.empty()) {
      continue;
    }
    const auto claimed = url::Url::Resolve(href, page);
    if (!claimed.ok() || url::RegistrableDomain(claimed->host()) != url::RegistrableDomain(page.host())) {
      continue;
    }
    const bool front_page = claimed->path() == "/" && claimed->query().empty();
    if (front_page && (page.path() != "/" || !page.query().empty())) {
      continue;
    }
    return {url::Canonical(*claimed), std::string(rule)};
  }
  return {url::Canonical(page), "the URL it came from"};
}

}  // namespace kawat::parse::extract
