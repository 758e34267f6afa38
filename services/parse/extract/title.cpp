#include "services/parse/extract/title.h"

#include <array>

#include "services/parse/extract/strings.h"
#include "text/text.h"

namespace kawat::parse::extract {
namespace {

constexpr auto kSeparators =
    std::to_array<std::string_view>({" | ", " - ", " – ", " — ", " · ", " :: ", " » ", " « ", "｜", "|", " / "});

bool IsCut(std::string_view title) { return title.ends_with("...") || title.ends_with("…"); }

struct Split {
  std::string_view head;
  std::string_view tail;
};

// At the last separator.
Split SplitLast(std::string_view title) {
  std::size_t best = std::string_view::npos;
  std::size_t width = 0;
  for (const std::string_view separator : kSeparators) {
    const std::size_t at = title.rfind(separator);
    if (at != std::string_view::npos && (best == std::string_view::npos || at > best)) {
      best = at;
      width = separator.size();
    }
  }
  if (best == std::string_view::npos) {
    return {title, {}};
  }
  return {Trim(title.substr(0, best)), Trim(title.substr(best + width))};
}

bool NamesSite(std::string_view tail, std::string_view site_name) {
  const std::string tail_skeleton = Skeleton(tail);
  const std::string site_skeleton = Skeleton(site_name);
  return !tail_skeleton.empty() && !site_skeleton.empty() &&
         (tail_skeleton.find(site_skeleton) != std::string::npos ||
          site_skeleton.find(tail_skeleton) != std::string::npos);
}

}  // namespace

std::string WithoutSiteName(std::string_view title, std::string_view site_name, std::string_view other) {
  const std::string other_skeleton = Skeleton(other);
  for (int round = 0; round < 3; ++round) {
    const Split split = SplitLast(title);
    if (split.tail.empty() || split.head.empty()) {
      break;
    }
    const std::string head_skeleton = Skeleton(split.head);
    const bool confirmed = !other_skeleton.empty() && head_skeleton == other_skeleton;
    const bool denied = !other_skeleton.empty() && other_skeleton == Skeleton(title);
    if (denied || (!confirmed && !NamesSite(split.tail, site_name))) {
      break;
    }
    title = split.head;
  }
  return std::string(title);
}

Title ChooseTitle(const TitleCandidates& raw) {
  const auto clean = [](const std::string& text) { return text::CollapseWhitespace(DecodeEntities(text)); };
  const std::string json_ld = clean(raw.json_ld);
  const std::string heading = clean(raw.heading);
  const std::string site = clean(raw.site_name);
  const std::string og = WithoutSiteName(clean(raw.og), site, heading.empty() ? json_ld : heading);
  const std::string document = WithoutSiteName(clean(raw.document), site, heading.empty() ? og : heading);
  // Two that agree outvote one.
  const std::string heading_skeleton = Skeleton(heading);
  if (!heading.empty() && (heading_skeleton == Skeleton(og) || heading_skeleton == Skeleton(json_ld))) {
    return {heading, "<h1>, as og:title or json-ld has it"};
  }
  if (!json_ld.empty() && !IsCut(json_ld) && json_ld.size() < 400) {
    return {json_ld, "json-ld headline"};
  }
  if (!og.empty() && !IsCut(og)) {
    return {og, "og:title"};
  }
  if (!heading.empty()) {
    return {heading, "<h1>"};
  }
  if (!document.empty()) {
    return {document, "<title>"};
  }
  return {og.empty() ? json_ld : og, og.empty() ? "json-ld headline" : "og:title"};
}

}  // namespace kawat::parse::extract
