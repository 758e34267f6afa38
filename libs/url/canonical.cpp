#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "url/url.h"

namespace kawat::url {
namespace {

// Parameters that say where a reader came from, never what is shown. Lower case, sorted.
constexpr std::array<std::string_view, 46> kTrackingParameters = {
    "__hsfp",
    "__hssc",
    "__hstc",
    "__s",
    "__twitter_impression",
    "_branch_match_id",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "_openstat",
    "at_campaign",
    "at_medium",
    "cmpid",
    "dclid",
    "dicbo",
    "epik",
    "fb_action_ids",
    "fb_action_types",
    "fb_ref",
    "fb_source",
    "fbclid",
    "gad_source",
    "gbraid",
    "gclid",
    "gclsrc",
    "guce_referrer",
    "guce_referrer_sig",
    "guccounter",
    "hsctatracking",
    "icid",
    "igsh",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "oly_anon_id",
    "oly_enc_id",
    "smid",
    "twclid",
    "vero_id",
    "wbraid",
    "wickedid",
    "yclid",
    "ysclid",
};
constexpr std::array<std::string_view, 4> kTrackingPrefixes = {"utm_", "pk_", "mtm_", "hsa_"};

bool IsTracking(std::string_view parameter) {
  std::string name(parameter.substr(0, parameter.find('=')));
  absl::AsciiStrToLower(&name);
  return std::ranges::find(kTrackingParameters, name) != kTrackingParameters.end() ||
         std::ranges::any_of(kTrackingPrefixes, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

std::string WithoutTracking(std::string_view query) {
  std::string kept;
  while (!query.empty()) {
    const std::string_view parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), parameter.size() + 1));
    if (!parameter.empty() && !IsTracking(parameter)) {
      kept.append(kept.empty() ? "" : "&").append(parameter);
    }
  }
  return kept;
}

}  // namespace

std::string Canonical(const Url& url) {
  const std::string query = WithoutTracking(url.query());
  return absl::StrCat(url.scheme(), "://", url.host_and_port(), url.path(), query.empty() ? "" : "?", query);
}

absl::StatusOr<std::string> Canonical(std::string_view text) {
  KAWAT_ASSIGN_OR_RETURN(const Url url, Url::Parse(text));
  return Canonical(url);
}

}  // namespace kawat::url
