// robots.txt as RFC 9309 has it, plus Crawl-delay. Own parser: the rules are few and must be exactly these.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace kawat::fetch {

inline constexpr std::size_t kMaxRobotsBytes = 500 << 10;  // RFC 9309 section 2.5; what follows is not read
inline constexpr absl::Duration kMaxCrawlDelay = absl::Seconds(300);
// The asterisks of all rules together, since each costs a search through the path. The rules beyond forbid what comes
// before their first one, so that nothing is asked that they forbid.
inline constexpr std::size_t kMaxRobotsWildcards = 2000;
inline constexpr std::string_view kProductToken = "kawat";

// The rules of one robots.txt that concern one crawler. An immutable value; without rules all is allowed.
class Robots {
 public:
  Robots() = default;

  // Any bytes; never fails. The groups of `product_token` are joined; with none, those of "*".
  static Robots Parse(std::string_view text, std::string_view product_token);

  // The inverse of ToText, for the same product token. Any bytes; no limit of length.
  static Robots FromText(std::string_view text, std::string_view product_token);
  // A robots.txt with these rules and no others. FromText reads it as an equal value.
  std::string ToText() const;

  // `path_and_query` as in the request line: "/a?b=c". The longest matching rule decides, Allow among equals; no match
  // allows.
  // "/robots.txt" is always allowed.
  bool Allows(std::string_view path_and_query) const;

  // Of the groups that apply, the longest, in whole milliseconds; at most kMaxCrawlDelay. nullopt: none is given.
  std::optional<absl::Duration> crawl_delay() const { return crawl_delay_; }

  std::size_t bytes() const { return sizeof(Robots) + rules_.size() * sizeof(Rule) + pattern_bytes_; }  // of memory

  // What Allows costs at most for a path of that length, in bytes looked at.
  std::size_t Cost(std::size_t path_bytes) const { return rules_.size() + wildcards_ * path_bytes; }

 private:
  struct Rule {
    bool allow = false;
    std::string pattern;  // normalized; '*' and a '$' at the end are special
  };
  friend class RobotsReader;

  void Finish();

  std::vector<Rule> rules_;  // in the order in which they decide
  std::size_t wildcards_ = 0;
  std::size_t pattern_bytes_ = 0;
  std::optional<absl::Duration> crawl_delay_;
};

}  // namespace kawat::fetch
