#include "services/newsroom/compare.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace kawat::newsroom {
namespace {

constexpr std::size_t kExcerptBytes = 80;

// The first `kExcerptBytes` from where two texts part, a little before it.
std::string Excerpt(const std::string& text, const std::string& other) {
  const auto parting = std::mismatch(text.begin(), text.end(), other.begin(), other.end()).first;
  std::size_t begin = static_cast<std::size_t>(parting - text.begin());
  begin = begin > kExcerptBytes / 4 ? begin - kExcerptBytes / 4 : 0;
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
  while (begin > 0 && continues(text[begin])) {
    --begin;
  }
  std::size_t end = std::min(text.size(), begin + kExcerptBytes);
  while (end < text.size() && continues(text[end])) {
    ++end;
  }
  std::string out = absl::StrCat(begin > 0 ? "…" : "", text.substr(begin, end - begin), end < text.size() ? "…" : "");
  std::replace(out.begin(), out.end(), '\n', '|');
  return out;
}

std::string Primary(const std::string& language) { return language.substr(0, language.find('-')); }

std::string TimeText(absl::Time time) {
  return time == absl::InfinitePast() ? "none" : absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

std::string OutcomeText(const std::string& outcome, const std::string& reason) {
  if (outcome.empty()) {
    return "none";
  }
  return reason.empty() ? outcome : absl::StrCat(outcome, "/", reason);
}

class Judge {
 public:
  Judge(const Truth& truth, const Found& found) : truth_(truth), found_(found) {
    report_.pages = truth.pages;
    report_.announced = truth.pages ? static_cast<std::int64_t>(truth.urls.size()) : truth.announced;
    report_.stored = static_cast<std::int64_t>(found.articles.size());
    report_.revisions_served = truth.revisions_served;
    report_.revisions_unserved = truth.revisions_unserved;
    report_.requests = truth.requests;
  }

  CheckReport Report() && {
    if (!truth_.pages) {
      JudgeArticles();
      JudgeClusters();
    }
    JudgeOutcomes();
    JudgeManners();
    JudgeProgress();
    std::stable_sort(report_.findings.begin(), report_.findings.end(),
                     [](const Finding& a, const Finding& b) { return a.problem < b.problem; });
    return std::move(report_);
  }

 private:
  void Add(Problem problem, const std::string& url, std::string field, std::string expected, std::string found) {
    report_.findings.push_back({problem, url, std::move(field), std::move(expected), std::move(found)});
  }

  void Same(const std::string& url, const std::string& field, const std::string& expected, const std::string& found) {
    if (expected != found) {
      Add(Problem::kDifferent, url, field, Excerpt(expected, found), Excerpt(found, expected));
    }
  }

  void JudgeArticles() {
    std::unordered_map<std::string, const FoundArticle*> by_url;
    for (const FoundArticle& article : found_.articles) {
      by_url.emplace(article.url, &article);
    }
    for (const FoundArticle& article : found_.articles) {
      by_url[article.canonical_url] = &article;
    }
    std::set<const FoundArticle*> expected;
    for (const TrueArticle& article : truth_.articles) {
      const auto at = by_url.find(article.url);
      if (at != by_url.end()) {
        expected.insert(at->second);
      }
      if (article.revisions_served == 0) {
        continue;  // only what was served counts
      }
      ++report_.compared;
      if (at == by_url.end()) {
        Add(Problem::kMissing, article.url, "", article.title, "");
      } else {
        JudgeArticle(article, *at->second);
      }
    }
    for (const FoundArticle& article : found_.articles) {
      if (!expected.contains(&article)) {
        Add(Problem::kSurplus, article.canonical_url, "", "", article.title);
      }
    }
  }

  void JudgeArticle(const TrueArticle& article, const FoundArticle& found) {
    const std::string& url = article.url;
    Same(url, "title", article.title, found.title);
    Same(url, "body", article.body, found.body);
    Same(url, "authors", absl::StrJoin(article.authors, "; "), absl::StrJoin(found.authors, "; "));
    Same(url, "published", TimeText(article.published), TimeText(found.published));
    Same(url, "source", article.source_id, found.source_id);
    Same(url, "language", Primary(article.language), Primary(found.language));
    Same(url, "agency", article.agency, found.agency);
    Same(url, "credit", article.credit, found.credit);
    Same(url, "revision", absl::StrCat(article.revisions_served), absl::StrCat(found.revision));
    clusters_[article.cluster].emplace_back(url, found.cluster_id);
  }

  // Articles of one true cluster share an id, and no other article has it. Which member is the original depends on the
  // order of arrival.
  void JudgeClusters() {
    std::map<std::string, std::int64_t> owner;
    for (const auto& [cluster, members] : clusters_) {
      const std::string& first = members.front().second;
      for (const auto& [url, id] : members) {
        if (id.empty()) {
          Add(Problem::kDifferent, url, "cluster", "an id", "none");
        } else if (id != first) {
          Add(Problem::kDifferent, url, "cluster", absl::StrCat("that of ", members.front().first, ": ", first), id);
        } else if (const auto [at, fresh] = owner.emplace(id, cluster); !fresh && at->second != cluster) {
          Add(Problem::kDifferent, url, "cluster", "one of its own",
              absl::StrCat("that of ", clusters_[at->second].front().first));
        }
      }
    }
  }

  void JudgeOutcomes() {
    for (const TrueUrl& expected : truth_.urls) {
      ++report_.urls;
      const auto at = found_.outcomes.find(expected.url);
      const FoundOutcome found = at == found_.outcomes.end() ? FoundOutcome{} : at->second;
      if (truth_.pages) {
        report_.compared += found.outcome.empty() ? 0 : 1;
        if (found.outcome == "ARTICLE" && !found.article_stored) {
          Add(Problem::kMissing, expected.url, "", "in the store", "");
        }
      }
      const bool not_modified = expected.not_modified && found.outcome == "NOT_MODIFIED";
      const bool any = expected.outcome == "ANY" && !found.outcome.empty();
      const bool kind =
          found.outcome == expected.outcome && (expected.reason.empty() || found.reason == expected.reason);
      if (!not_modified && !any && !kind) {
        Add(Problem::kOutcome, expected.url, "", OutcomeText(expected.outcome, expected.reason),
            OutcomeText(found.outcome, found.reason));
      } else if (kind && found.moved_to != expected.moved_to && expected.outcome == "MOVED") {
        Add(Problem::kOutcome, expected.url, "moved_to", expected.moved_to, found.moved_to);
      }
    }
  }

  void JudgeManners() {
    for (const auto& [url, requests] : truth_.forbidden_asked) {
      Add(Problem::kForbidden, url, "", "never", absl::StrCat(requests, " times"));
    }
    for (const AskedHost& host : truth_.hosts) {
      if (host.requests > 1) {
        report_.fastest_gap_ms =
            report_.fastest_gap_ms < 0 ? host.fastest_gap_ms : std::min(report_.fastest_gap_ms, host.fastest_gap_ms);
      }
      if (host.too_fast > 0) {
        Add(Problem::kTooFast, host.host, "delay", absl::StrCat(truth_.delay_ms, " ms"),
            absl::StrCat(host.fastest_gap_ms, " ms; too short ", host.too_fast, " times"));
      }
      if (host.at_once > 0) {
        Add(Problem::kTooFast, host.host, "connections", "1 at a time", absl::StrCat("more, ", host.at_once, " times"));
      }
    }
  }

  void JudgeProgress() {
    if (truth_.unpublished > 0 || truth_.revisions_pending > 0) {
      Add(Problem::kUnpublished, "", "", "nothing",
          absl::StrCat(truth_.unpublished, " articles, ", truth_.revisions_pending, " revisions"));
    }
    if (report_.compared < report_.announced) {
      Add(Problem::kTooFew, "", "", absl::StrCat(report_.announced), absl::StrCat(report_.compared));
    }
  }

  const Truth& truth_;
  const Found& found_;
  CheckReport report_;
  std::map<std::int64_t, std::vector<std::pair<std::string, std::string>>> clusters_;  // URL and cluster id
};

}  // namespace

CheckReport Compare(const Truth& truth, const Found& found) { return Judge(truth, found).Report(); }

}  // namespace kawat::newsroom
