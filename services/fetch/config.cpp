#include "services/fetch/config.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "runtime/instances.h"
#include "runtime/service_config.h"
#include "services/fetch/http/address_policy.h"
#include "url/url.h"
#include "web/address.h"

namespace kawat::fetch {
namespace {

constexpr absl::Duration kMaxDelay = absl::Hours(1);

absl::Status Within(const base::Section& section, std::string_view key, absl::Duration value, absl::Duration least,
                    absl::Duration most) {
  if (value < least || value > most) {
    return section.Wrong(key, absl::StrCat("must be at least ", absl::FormatDuration(least), " and at most ",
                                           absl::FormatDuration(most)));
  }
  return absl::OkStatus();
}

absl::StatusOr<article::Source> ParseSource(base::Section section) {
  article::Source source;
  section.Read("id", source.id);
  source.name = source.id;
  section.Read("name", source.name);
  section.Read("group", source.group);
  section.Read("homepage", source.homepage_url);
  section.Read("feeds", source.feed_urls);
  section.Read("sitemaps", source.sitemap_urls);
  section.Read("language", source.language);
  section.Read("country", source.country);
  section.Read("time_zone", source.time_zone);
  section.Read("min_delay", source.min_delay);
  section.Read("poll_interval", source.poll_interval);
  section.Read("max_depth", source.max_depth, {.min = -1, .max = kMaxDepthLimit});
  KAWAT_RETURN_IF_ERROR(section.Finish());
  if (const absl::Status valid = ValidateSource(source); !valid.ok()) {
    return section.Wrong("id", absl::StrCat("\"", source.id, "\": ", valid.message()));
  }
  return source;
}

absl::Status CheckResolve(const base::Section& root, const Config& config) {
  for (const auto& [origin, address] : config.resolve) {
    const auto url = url::Url::Parse(origin);
    if (!url.ok() || absl::StrCat(url->scheme(), "://", url->host_and_port()) != origin) {
      return root.Wrong(
          "resolve", absl::StrCat("must name scheme and host, such as \"https://news.example\", not \"", origin, "\""));
    }
    const auto parsed = web::ParseAddress(address);
    if (!parsed.ok() || parsed->first.empty() || parsed->second == 0) {
      return root.Wrong("resolve", absl::StrCat("of \"", origin, "\" must be an address such as 127.0.0.1:8080, not \"",
                                                address, "\""));
    }
  }
  return absl::OkStatus();
}

absl::Status ReadFetch(base::Section section, Config& config) {
  section.Read("grpc", config.grpc);
  section.Read("metrics", config.metrics);
  section.Read("user_agent", config.user_agent);
  section.Read("delay", config.limits.delay);
  section.Read("poll_interval", config.limits.poll_interval);
  section.Read("max_depth", config.limits.max_depth, {.min = -1, .max = kMaxDepthLimit});
  section.Read("timeout", config.timeout);
  section.Read("max_body_bytes", config.max_body_bytes, {.min = 1, .max = 5 << 20});
  section.Read("links_per_host_per_day", config.links_per_host_per_day, {.min = 0});
  section.Read("token_file", config.token_file);
  section.Read("owner", config.owner);
  runtime::ReadInstances(section, config);
  KAWAT_RETURN_IF_ERROR(section.Finish());
  KAWAT_RETURN_IF_ERROR(runtime::CheckPeers(section, config.instances, config.peers));
  KAWAT_RETURN_IF_ERROR(Within(section, "delay", config.limits.delay, absl::ZeroDuration(), kMaxDelay));
  KAWAT_RETURN_IF_ERROR(
      Within(section, "poll_interval", config.limits.poll_interval, kMinPollInterval, absl::Hours(24 * 30)));
  KAWAT_RETURN_IF_ERROR(Within(section, "timeout", config.timeout, absl::Milliseconds(10), absl::Minutes(10)));
  if (config.user_agent.empty() || config.user_agent.find_first_of("\r\n") != std::string::npos) {
    return section.Wrong("user_agent", "must be one line");
  }
  if (!IsId(config.owner)) {
    return section.Wrong("owner", "must be 1 to 64 lower-case letters, digits and hyphens");
  }
  return runtime::CheckAddresses(section, config.grpc, config.metrics);
}

}  // namespace

absl::StatusOr<Config> ParseConfig(const base::Toml& toml) {
  Config config;
  base::Section root = toml.Root();
  root.Read("data", config.data);
  root.Read("allow_networks", config.allow_networks);
  root.Read("resolve", config.resolve);
  std::vector<base::Section> sources = root.Each("sources");
  KAWAT_RETURN_IF_ERROR(ReadFetch(root.At("fetch"), config));
  KAWAT_RETURN_IF_ERROR(runtime::FinishFile(root));
  if (const absl::Status networks = AddressPolicy::Create(config.allow_networks).status(); !networks.ok()) {
    return root.Wrong("allow_networks", std::string(networks.message()));
  }
  KAWAT_RETURN_IF_ERROR(CheckResolve(root, config));
  std::set<std::string> ids;
  for (base::Section& section : sources) {
    KAWAT_ASSIGN_OR_RETURN(article::Source source, ParseSource(section));
    if (!ids.insert(source.id).second) {
      return section.Wrong("id", absl::StrCat("\"", source.id, "\" is taken by a source before it"));
    }
    config.sources.push_back(std::move(source));
  }
  return config;
}

}  // namespace kawat::fetch
