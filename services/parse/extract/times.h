// When it was published and changed: JSON-LD, then meta elements, then <time>, then the date in its URL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "services/parse/extract/json_ld.h"
#include "services/parse/extract/page_facts.h"

namespace kawat::parse::extract {

struct FoundTime {
  std::optional<absl::Time> time;
  bool zone_assumed = false;
  std::string rule;
};

struct Times {
  FoundTime published;
  FoundTime modified;
};

struct TimeContext {
  absl::TimeZone zone;   // of times that have none
  absl::Time not_after;  // later ones are not believed
};

Times FindTimes(const JsonLdArticle& json_ld, const PageFacts& facts, std::string_view path,
                const TimeContext& context);

// "/2025/02/28/", "/2025-02-28", "/20250228/", "/2025/feb/28/" in a URL's path, at noon of `zone`.
std::optional<absl::Time> TimeInPath(std::string_view path, absl::TimeZone zone);

}  // namespace kawat::parse::extract
