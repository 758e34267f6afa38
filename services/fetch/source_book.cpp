#include "services/fetch/source_book.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "article/time_zone.h"
#include "base/status.h"
#include "url/url.h"

namespace kawat::fetch {
namespace {

using article::LinkKind;
using article::Source;

constexpr std::size_t kMaxUrls = 100;
constexpr std::size_t kMaxNameBytes = 200;

// A link must not make fetch speak HTTP to a mail server.
bool IsForeignProtocol(std::string_view host_and_port) {
  const std::size_t colon = host_and_port.rfind(':');
  int port = 0;
  return colon != std::string_view::npos && absl::SimpleAtoi(std::string(host_and_port.substr(colon + 1)), &port) &&
         port < 1024 && port != 80 && port != 443;
}

std::string DomainOf(std::string_view host_and_port) {
  const std::size_t colon = host_and_port.rfind(':');
  const bool has_port = colon != std::string_view::npos && host_and_port.find(']', colon) == std::string_view::npos;
  return url::RegistrableDomain(host_and_port.substr(0, has_port ? colon : std::string_view::npos));
}

absl::Status Wrong(std::string_view field, std::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("source.", std::string(field), " ", std::string(why)));
}

absl::Status CheckUrls(std::string_view field, const std::vector<std::string>& urls) {
  if (urls.size() > kMaxUrls) {
    return Wrong(field, absl::StrCat("has ", urls.size(), " URLs; at most ", kMaxUrls, " are allowed"));
  }
  for (const std::string& text : urls) {
    if (const auto parsed = url::Url::Parse(text); !parsed.ok()) {
      return Wrong(field, absl::StrCat("holds \"", text, "\": ", parsed.status().message()));
    }
  }
  return absl::OkStatus();
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); });
}

// The shape of a BCP 47 tag: subtags of 1 to 8 letters and digits, the first of 2 to 8 letters.
bool IsLanguageTag(std::string_view tag) {
  bool first = true;
  while (true) {
    const std::size_t hyphen = tag.find('-');
    const std::string_view part = tag.substr(0, hyphen);
    const bool right = std::all_of(part.begin(), part.end(), [first](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return first ? absl::ascii_isalpha(byte) : absl::ascii_isalnum(byte);
    });
    if (!right || part.size() < (first ? 2U : 1U) || part.size() > 8) {
      return false;
    }
    if (hyphen == std::string_view::npos) {
      return true;
    }
    tag.remove_prefix(hyphen + 1);
    first = false;
  }
}

bool IsCountry(std::string_view country) {
  return country.size() == 2 && std::all_of(country.begin(), country.end(),
                                            [](char c) { return absl::ascii_islower(static_cast<unsigned char>(c)); });
}

}  // namespace

bool IsId(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) || absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
           c == '-';
  });
}

absl::Status ValidateSource(const Source& source) {
  if (!IsId(source.id)) {
    return Wrong("id", "must be 1 to 64 lower-case letters, digits and hyphens");
  }
  if (source.name.empty() || source.name.size() > kMaxNameBytes || source.group.size() > kMaxNameBytes) {
    return Wrong("name", "must be 1 to 200 bytes, and source.group at most 200");
  }
  if (HasControl(source.name)) {
    return Wrong("name", "must not hold control characters");
  }
  if (HasControl(source.group)) {
    return Wrong("group", "must not hold control characters");
  }
  if (!source.homepage_url.empty()) {
    KAWAT_RETURN_IF_ERROR(CheckUrls("homepage_url", {source.homepage_url}));
  }
  KAWAT_RETURN_IF_ERROR(CheckUrls("feed_urls", source.feed_urls));
  KAWAT_RETURN_IF_ERROR(CheckUrls("sitemap_urls", source.sitemap_urls));
  if (source.homepage_url.empty() && source.feed_urls.empty() && source.sitemap_urls.empty()) {
    return Wrong("feed_urls", "must not be empty when there is neither homepage nor sitemap");
  }
  if (!source.language.empty() && (source.language.size() > 35 || !IsLanguageTag(source.language))) {
    return Wrong("language", "must be a BCP 47 tag of at most 35 bytes, such as \"id\" or \"zh-Hant\"");
  }
  if (!source.country.empty() && !IsCountry(source.country)) {
    return Wrong("country", "must be two lower-case letters, such as \"id\"");
  }
  if (!source.time_zone.empty() && !article::LoadZone(source.time_zone).has_value()) {
    return Wrong("time_zone", "must be an IANA name such as \"Asia/Jakarta\"");
  }
  if (source.min_delay < absl::ZeroDuration() || source.min_delay > absl::Hours(1)) {
    return Wrong("min_delay", "must be at most 1h");
  }
  if (source.poll_interval != absl::ZeroDuration() &&
      (source.poll_interval < kMinPollInterval || source.poll_interval > absl::Hours(24 * 30))) {
    return Wrong("poll_interval", "must be at least 1s and at most 720h");
  }
  if (source.max_depth < -1 || source.max_depth > kMaxDepthLimit) {
    return Wrong("max_depth", absl::StrCat("must be at least -1 and at most ", kMaxDepthLimit));
  }
  return absl::OkStatus();
}

std::vector<Seed> SeedsOf(const Source& source) {
  std::vector<Seed> seeds;
  const auto add = [&seeds](const std::string& text, LinkKind kind) {
    const auto canonical = url::Canonical(text);
    if (!canonical.ok()) {
      return;
    }
    if (const auto parsed = url::Url::Parse(*canonical); parsed.ok()) {
      seeds.push_back({.url = *canonical, .host = parsed->host_and_port(), .kind = kind});
    }
  };
  if (!source.homepage_url.empty()) {
    add(source.homepage_url, LinkKind::kPage);
  }
  for (const std::string& feed : source.feed_urls) {
    add(feed, LinkKind::kFeed);
  }
  for (const std::string& sitemap : source.sitemap_urls) {
    add(sitemap, LinkKind::kSitemap);
  }
  return seeds;
}

void SourceBook::Put(Source source) {
  Remove(source.id);
  for (const Seed& seed : SeedsOf(source)) {
    by_domain_[DomainOf(seed.host)].insert(source.id);
  }
  std::string id = source.id;
  sources_.insert_or_assign(std::move(id), std::move(source));
}

void SourceBook::Remove(std::string_view id) {
  const auto found = sources_.find(id);
  if (found == sources_.end()) {
    return;
  }
  for (const Seed& seed : SeedsOf(found->second)) {
    if (const auto domain = by_domain_.find(DomainOf(seed.host)); domain != by_domain_.end()) {
      domain->second.erase(found->first);
      if (domain->second.empty()) {
        by_domain_.erase(domain);
      }
    }
  }
  sources_.erase(found);
}

const Source* SourceBook::Find(std::string_view id) const {
  const auto found = sources_.find(id);
  return found == sources_.end() ? nullptr : &found->second;
}

const Source* SourceBook::OwnerOf(std::string_view host, std::string_view preferred) const {
  const auto domain = by_domain_.find(DomainOf(host));
  if (domain == by_domain_.end()) {
    return nullptr;
  }
  return domain->second.count(std::string(preferred)) > 0 ? Find(preferred) : Find(*domain->second.begin());
}

const Source* SourceBook::WithSeed(std::string_view url, std::string_view except) const {
  for (const auto& [id, source] : sources_) {
    const std::vector<Seed> seeds = id == except ? std::vector<Seed>() : SeedsOf(source);
    if (std::any_of(seeds.begin(), seeds.end(), [&](const Seed& seed) { return seed.url == url; })) {
      return &source;
    }
  }
  return nullptr;
}

absl::Duration SourceBook::DelayOf(std::string_view host) const {
  absl::Duration delay;
  if (const auto domain = by_domain_.find(DomainOf(host)); domain != by_domain_.end()) {
    for (const std::string& id : domain->second) {
      delay = std::max(delay, Find(id)->min_delay);
    }
  }
  return delay == absl::ZeroDuration() ? defaults_.delay : delay;
}

absl::Duration SourceBook::PollIntervalOf(std::string_view id) const {
  const Source* source = Find(id);
  return source == nullptr || source->poll_interval == absl::ZeroDuration() ? defaults_.poll_interval
                                                                            : source->poll_interval;
}

bool SourceBook::Accepts(const Source& source, std::string_view host, LinkKind kind, int depth) const {
  if (kind != LinkKind::kSubmitted && IsForeignProtocol(host)) {
    const std::vector<Seed> seeds = SeedsOf(source);
    if (std::none_of(seeds.begin(), seeds.end(), [&](const Seed& seed) { return seed.host == host; })) {
      return false;
    }
  }
  if (kind == LinkKind::kEntry || kind == LinkKind::kRedirect) {
    return true;
  }
  const auto domain = by_domain_.find(DomainOf(host));
  if (domain == by_domain_.end() || domain->second.count(source.id) == 0) {
    return false;
  }
  const int max_depth = source.max_depth == 0 ? defaults_.max_depth : source.max_depth;
  switch (kind) {
    case LinkKind::kSubmitted:
    case LinkKind::kSitemap:
      return true;
    case LinkKind::kFeed:
      return max_depth >= 0 && depth <= 1;  // a page's own feed (its comments, say) is none of news
    default:
      return depth <= max_depth;
  }
}

}  // namespace kawat::fetch
