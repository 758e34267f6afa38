// The judgement of `newsroom check`: what is true against what was found. Plain data in, a report out.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace kawat::newsroom {

// What /truth says (truth.cpp writes it).
struct TrueArticle {
  std::string url;
  std::string source_id;
  std::string title;
  std::string body;
  std::vector<std::string> authors;
  absl::Time published;
  std::string language;
  std::string agency;  // empty: the outlet's own text
  std::string credit;
  std::int64_t cluster = 0;
  std::int64_t revisions_served = 0;
};

struct TrueUrl {
  std::string url;
  std::string outcome;  // "LINKS_ONLY"; "ANY"
  std::string reason;   // empty: any
  std::string moved_to;
  bool not_modified = false;
};

struct AskedHost {
  std::string host;
  std::int64_t requests = 0;
  std::int64_t too_fast = 0;
  std::int64_t at_once = 0;
  double fastest_gap_ms = 0;
};

struct Truth {
  bool pages = false;
  double delay_ms = 0;
  std::int64_t announced = 0;
  std::int64_t unpublished = 0;
  std::int64_t revisions_served = 0;
  std::int64_t revisions_pending = 0;
  std::int64_t revisions_unserved = 0;
  std::int64_t requests = 0;
  std::vector<TrueArticle> articles;
  std::vector<TrueUrl> urls;
  std::vector<AskedHost> hosts;
  std::map<std::string, std::int64_t> forbidden_asked;
};

// InvalidArgument: not what a newsroom answers.
absl::StatusOr<Truth> ReadTruth(const std::string& json);

// What store and fetch say.
struct FoundArticle {
  std::string url;
  std::string canonical_url;
  std::string source_id;
  std::string title;
  std::string body;
  std::vector<std::string> authors;
  absl::Time published = absl::InfinitePast();  // none
  std::string language;
  std::string agency;
  std::string credit;
  std::string cluster_id;
  std::int64_t revision = 0;
};

struct FoundOutcome {
  std::string outcome;  // "LINKS_ONLY"; empty: fetch does not know the URL, or has no outcome yet
  std::string reason;   // "FEED"
  std::string moved_to;
  std::string article_id;
  bool article_stored = false;  // asked of the store when the outcome is ARTICLE
};

struct Found {
  std::vector<FoundArticle> articles;
  std::map<std::string, FoundOutcome> outcomes;  // by URL
};

enum class Problem { kMissing, kSurplus, kDifferent, kOutcome, kForbidden, kTooFast, kUnpublished, kTooFew };

// "missing", "surplus", "different", "outcome wrong", "forbidden asked", "asked too fast", "unpublished", "too few
// compared".
std::string_view NameOf(Problem problem);

struct Finding {
  Problem problem = Problem::kMissing;
  std::string url;    // or host
  std::string field;  // of kDifferent: "title"
  std::string expected;
  std::string found;
};

struct CheckReport {
  bool pages = false;
  std::int64_t announced = 0;
  std::int64_t compared = 0;  // articles served by the newsroom and compared; of real pages: URLs
  std::int64_t urls = 0;      // outcomes compared
  std::int64_t stored = 0;    // articles in the store
  std::int64_t revisions_served = 0;
  std::int64_t revisions_unserved = 0;  // online, not asked for yet: no fault, since only what was served counts
  std::int64_t requests = 0;
  double fastest_gap_ms = -1;  // of all hosts; -1: none was asked twice
  std::vector<Finding> findings;

  bool ok() const { return findings.empty(); }
};

CheckReport Compare(const Truth& truth, const Found& found);

// For people: a line a problem, then the first findings of each. For scripts: one JSON object.
std::string ToTable(const CheckReport& report);
std::string ToJson(const CheckReport& report);

}  // namespace kawat::newsroom
