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
inline constexpr std::string_view kProductToken = "kawat";

// The rules of one robots.txt that concern one crawler. An immutable value; without rules all is allowed.
class Robots {
 public:
  Robots() = default;

  // Any bytes; never fails. The groups of `product_token` are joined; with none, those of "*".
  static Robots Parse(std::string_view text, std::string_view product_token);

  // `path_and_query` as in the request line: "/a?b=c". The longest matching rule decides, Allow among equals; no match
  // allows.
  // "/robots.txt" is always allowed.
  bool Allows(std::string_view path_and_query) const;

  // Of the groups that apply, the longest; at most kMaxCrawlDelay. nullopt: none is given.
  std::optional<absl::Duration> crawl_delay() const { return crawl_delay_; }

 private:
  struct Rule {
    bool allow = false;
    std::string pattern;  // normalized; '*' and a '$' at the end are special
  };
  friend class RobotsReader;

  std::vector<Rule> rules_;
  std::optional<absl::Duration> crawl_delay_;
};

}  // namespace kawat::fetch
