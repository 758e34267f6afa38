#include "services/parse/extract/times.h"

#include <array>
#include <cstdint>

#include "services/parse/dates.h"
#include "services/parse/extract/strings.h"

namespace kawat::parse::extract {
namespace {

FoundTime Read(std::string_view text, std::string rule, const TimeContext& context) {
  if (text.empty() || text.size() > 100) {
    return {};
  }
  const auto parsed = ParseTime(text, context.zone);
  static const absl::Time earliest = absl::FromUnixSeconds(0);
  if (!parsed || parsed->time > context.not_after || parsed->time < earliest) {
    return {};
  }
  return {parsed->time, parsed->zone_assumed, std::move(rule)};
}

// Times on the whole day: midnight of a date alone says less than a time elsewhere on the page of the same day.
bool IsDateOnly(std::string_view text) { return text.size() <= 10; }

FoundTime FromMetas(std::initializer_list<std::string_view> names, const PageFacts& facts, const TimeContext& context) {
  for (const std::string_view name : names) {
    for (const std::string_view content : facts.Metas({name})) {
      if (FoundTime found = Read(content, Join({"meta ", name}), context); found.time) {
        return found;
      }
    }
  }
  return {};
}

FoundTime FromTimeElements(const PageFacts& facts, const TimeContext& context) {
  for (const bool only_marked : {true, false}) {
    for (const TimeElement& element : facts.times) {
      if (element.published || (!only_marked && !element.modified)) {
        if (FoundTime found = Read(element.datetime, "<time>", context); found.time) {
          return found;
        }
      }
    }
  }
  return {};
}

bool ReadNumber(std::string_view text, std::size_t digits, int& value) {
  if (text.size() < digits) {
    return false;
  }
  value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!IsDigit(text[i])) {
      return false;
    }
    value = value * 10 + (text[i] - '0');
  }
  return true;
}

bool IsSeparator(char c) { return c == '/' || c == '-' || c == '_' || c == '.'; }

// Reads what follows the year: "/02/28", "-02-28", "0228", "/feb/28".
bool ReadMonthAndDay(std::string_view rest, int& month, int& day) {
  static constexpr auto kMonths = std::to_array<std::string_view>(
      {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"});
  const bool separated = !rest.empty() && IsSeparator(rest.front());
  rest.remove_prefix(separated ? 1 : 0);
  std::size_t width = 2;
  month = 0;
  for (std::size_t i = 0; separated && i < kMonths.size(); ++i) {
    if (StartsWithIgnoringCase(rest, kMonths[i])) {
      month = static_cast<int>(i) + 1;
      width = 3;
    }
  }
  if (month == 0 && !ReadNumber(rest, 2, month)) {
    return false;
  }
  rest.remove_prefix(width);
  if (separated && (rest.empty() || !IsSeparator(rest.front()))) {
    return false;
  }
  rest.remove_prefix(separated ? 1 : 0);
  const bool ok = ReadNumber(rest, 2, day) && (rest.size() == 2 || !IsDigit(rest[2]));
  return ok && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

}  // namespace

std::optional<absl::Time> TimeInPath(std::string_view path, absl::TimeZone zone) {
  for (std::size_t at = 0; at + 8 <= path.size(); ++at) {
    int year = 0;
    int month = 0;
    int day = 0;
    const bool starts = at == 0 || IsSeparator(path[at - 1]);
    if (starts && ReadNumber(path.substr(at), 4, year) && year >= 1995 && year <= 2100 &&
        ReadMonthAndDay(path.substr(at + 4), month, day)) {
      return absl::FromCivil(absl::CivilHour(year, month, day, 12), zone);
    }
  }
  return std::nullopt;
}

Times FindTimes(const JsonLdArticle& json_ld, const PageFacts& facts, std::string_view path,
                const TimeContext& context) {
  Times times;
  FoundTime date_only;
  const auto consider = [&](FoundTime found, bool is_date_only) {
    if (!found.time || times.published.time) {
      return;
    }
    (is_date_only && !date_only.time ? date_only : times.published) = std::move(found);
  };
  consider(Read(json_ld.date_published, "json-ld datePublished", context), IsDateOnly(json_ld.date_published));
  consider(FromMetas({"article:published_time",
                      "og:article:published_time",
                      "article:published",
                      "datepublished",
                      "parsely-pub-date",
                      "sailthru.date",
                      "cxenseparse:recs:publishtime",
                      "og:published_time",
                      "article.published",
                      "publishdate",
                      "publish_date",
                      "published_time",
                      "publication_date",
                      "pubdate",
                      "dc.date.issued",
                      "dcterms.created",
                      "dc.date.created",
                      "dc.date",
                      "dcterms.date",
                      "date",
                      "article_date_original",
                      "originalpublicationdate",
                      "last-modified-date",
                      "citation_publication_date",
                      "datecreated"},
                     facts, context),
           false);
  if (!times.published.time && !date_only.time) {
    consider(FromTimeElements(facts, context), false);
  }
  if (date_only.time && (!times.published.time || times.published.time > *date_only.time + absl::Hours(36))) {
    times.published = date_only;
  }
  if (!times.published.time) {
    if (const auto in_path = TimeInPath(path, context.zone); in_path && *in_path <= context.not_after) {
      times.published = {in_path, true, "date in the URL"};
    }
  }
  times.modified = Read(json_ld.date_modified, "json-ld dateModified", context);
  if (!times.modified.time) {
    times.modified = FromMetas({"article:modified_time", "og:updated_time", "datemodified", "dcterms.modified",
                                "last-modified", "article:modified", "og:modified_time"},
                               facts, context);
  }
  return times;
}

}  // namespace kawat::parse::extract
