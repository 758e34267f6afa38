#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/newsroom/compare.h"

namespace kawat::newsroom {
namespace {

namespace json = boost::json;

constexpr int kShownOfEach = 10;
constexpr std::array<Problem, 8> kProblems = {Problem::kMissing,     Problem::kSurplus,   Problem::kDifferent,
                                              Problem::kOutcome,     Problem::kForbidden, Problem::kTooFast,
                                              Problem::kUnpublished, Problem::kTooFew};

std::int64_t CountOf(const CheckReport& report, Problem problem) {
  std::int64_t count = 0;
  for (const Finding& finding : report.findings) {
    count += finding.problem == problem ? 1 : 0;
  }
  return count;
}

std::string Line(const Finding& finding) {
  std::string out = absl::StrCat("  ", std::string(NameOf(finding.problem)));
  for (const std::string* part : {&finding.url, &finding.field}) {
    if (!part->empty()) {
      absl::StrAppend(&out, "  ", *part);
    }
  }
  out += "\n";
  if (!finding.expected.empty()) {
    absl::StrAppend(&out, "      expected  ", finding.expected, "\n");
  }
  if (!finding.found.empty()) {
    absl::StrAppend(&out, "      found     ", finding.found, "\n");
  }
  return out;
}

}  // namespace

std::string_view NameOf(Problem problem) {
  switch (problem) {
    case Problem::kMissing:
      return "missing";
    case Problem::kSurplus:
      return "surplus";
    case Problem::kDifferent:
      return "different";
    case Problem::kOutcome:
      return "outcome wrong";
    case Problem::kForbidden:
      return "forbidden asked";
    case Problem::kTooFast:
      return "asked too fast";
    case Problem::kUnpublished:
      return "unpublished";
    case Problem::kTooFew:
      break;
  }
  return "too few compared";
}

std::string ToTable(const CheckReport& report) {
  std::string out =
      absl::StrFormat("%-18s %8d of %d announced\n%-18s %8d\n%-18s %8d\n%-18s %8d (%d not asked for yet)\n%-18s %8d\n",
                      report.pages ? "URLs compared" : "articles compared", report.compared, report.announced,
                      "outcomes compared", report.urls, "in the store", report.stored, "revisions served",
                      report.revisions_served, report.revisions_unserved, "requests", report.requests);
  if (report.fastest_gap_ms >= 0) {
    out += absl::StrFormat("%-18s %8.1f ms\n", "fastest gap", report.fastest_gap_ms);
  }
  out += "\n";
  for (const Problem problem : kProblems) {
    out += absl::StrFormat("%-18s %8d\n", std::string(NameOf(problem)), CountOf(report, problem));
  }
  if (report.ok()) {
    return out + "\nno difference\n";
  }
  out += "\n";
  for (const Problem problem : kProblems) {
    int shown = 0;
    for (const Finding& finding : report.findings) {
      if (finding.problem == problem && shown++ < kShownOfEach) {
        out += Line(finding);
      }
    }
    if (shown > kShownOfEach) {
      absl::StrAppend(&out, "  … and ", shown - kShownOfEach, " more: --json has all\n");
    }
  }
  return out;
}

std::string ToJson(const CheckReport& report) {
  json::object counts;
  for (const Problem problem : kProblems) {
    std::string key(NameOf(problem));
    std::replace(key.begin(), key.end(), ' ', '_');
    counts[key] = CountOf(report, problem);
  }
  json::array findings;
  for (const Finding& finding : report.findings) {
    findings.push_back(json::object{{"problem", std::string(NameOf(finding.problem))},
                                    {"url", finding.url},
                                    {"field", finding.field},
                                    {"expected", finding.expected},
                                    {"found", finding.found}});
  }
  return json::serialize(json::object{{"ok", report.ok()},
                                      {"announced", report.announced},
                                      {"compared", report.compared},
                                      {"outcomes_compared", report.urls},
                                      {"stored", report.stored},
                                      {"revisions_served", report.revisions_served},
                                      {"revisions_unserved", report.revisions_unserved},
                                      {"requests", report.requests},
                                      {"fastest_gap_ms", report.fastest_gap_ms},
                                      {"counts", std::move(counts)},
                                      {"findings", std::move(findings)}});
}

}  // namespace kawat::newsroom
