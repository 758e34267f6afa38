#include "services/fetch/robots.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace kawat::fetch {
namespace {

constexpr std::size_t kMaxPatternBytes = 2048;  // no longer than a URL

int HexValue(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool IsUnreserved(unsigned char c) {  // RFC 3986 section 2.3
  return absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

void AppendEncoded(unsigned char c, std::string& out) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  out += '%';
  out += kDigits[c >> 4];
  out += kDigits[c & 15];
}

// RFC 9309 section 2.2.2: octets outside ASCII are compared percent-encoded, unreserved ones decoded.
std::string Normalize(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto c = static_cast<unsigned char>(path[i]);
    if (c == '%' && i + 2 < path.size() && HexValue(path[i + 1]) >= 0 && HexValue(path[i + 2]) >= 0) {
      const auto decoded = static_cast<unsigned char>(HexValue(path[i + 1]) * 16 + HexValue(path[i + 2]));
      if (IsUnreserved(decoded)) {
        out += static_cast<char>(decoded);
      } else {
        AppendEncoded(decoded, out);
      }
      i += 2;
    } else if (c >= 0x80 || c <= 0x20) {
      AppendEncoded(c, out);
    } else {
      out += static_cast<char>(c);
    }
  }
  return out;
}

std::size_t Find(std::string_view part, std::string_view text, std::size_t from) {
  // std::string_view::find compares anew at each place that has the first byte: long where a page repeats it.
  const void* found = ::memmem(text.data() + from, text.size() - from, part.data(), part.size());
  return found == nullptr ? std::string_view::npos : static_cast<const char*>(found) - text.data();
}

// Does `pattern` match a prefix of `path`, or all of it when the pattern ends in '$'?
bool Matches(std::string_view pattern, std::string_view path) {
  const bool anchored = pattern.ends_with("$");
  if (anchored) {
    pattern.remove_suffix(1);
  }
  std::size_t star = pattern.find('*');
  if (!path.starts_with(pattern.substr(0, star))) {
    return false;
  }
  if (star == std::string_view::npos) {
    return !anchored || path.size() == pattern.size();
  }
  std::size_t at = star;
  while (true) {  // each part between stars at its first place after the one before
    const std::size_t begin = star + 1;
    star = pattern.find('*', begin);
    const std::string_view part = pattern.substr(begin, star == std::string_view::npos ? star : star - begin);
    if (star == std::string_view::npos && anchored) {
      return path.size() - at >= part.size() && path.ends_with(part);
    }
    const std::size_t found = Find(part, path, at);
    if (found == std::string_view::npos) {
      return false;
    }
    if (star == std::string_view::npos) {
      return true;
    }
    at = found + part.size();
  }
}

std::string_view ProductOf(std::string_view agent) {  // "kawat/1.0 (x)" names kawat
  std::size_t end = 0;
  while (end < agent.size() &&
         (absl::ascii_isalpha(static_cast<unsigned char>(agent[end])) || agent[end] == '-' || agent[end] == '_')) {
    ++end;
  }
  return agent.substr(0, end);
}

std::optional<absl::Duration> ParseDelay(std::string_view value) {
  double seconds = 0;
  if (!absl::SimpleAtod(std::string(value), &seconds) || !(seconds >= 0)) {
    return std::nullopt;
  }
  return std::min(absl::Ceil(absl::Seconds(std::min(seconds, 1e6)), absl::Milliseconds(1)), kMaxCrawlDelay);
}

}  // namespace

// Reads line by line and keeps two sets of rules: those of groups that name the crawler, and those of "*".
class RobotsReader {
 public:
  explicit RobotsReader(std::string_view product_token) : token_(product_token) {}

  void Line(std::string_view line) {
    line = line.substr(0, line.find('#'));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      return;
    }
    const std::string key = absl::AsciiStrToLower(std::string(Strip(line.substr(0, colon))));
    const std::string_view value = Strip(line.substr(colon + 1));
    if (key == "user-agent") {
      Agent(value);
    } else if (key == "allow" || key == "disallow") {
      in_agents_ = false;
      AddRule(key == "allow", value);
    } else if (key == "crawl-delay") {
      in_agents_ = false;
      AddDelay(value);
    }  // anything else neither belongs to a group nor ends one
  }

  Robots Result() {
    Robots result = named_ ? std::move(own_) : std::move(any_);
    result.Finish();
    return result;
  }

 private:
  static std::string_view Strip(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) {
      return {};
    }
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
  }

  void Agent(std::string_view value) {
    if (!in_agents_) {
      for_own_ = for_any_ = false;
      in_agents_ = true;
    }
    if (value.starts_with("*")) {
      for_any_ = true;
    } else if (absl::EqualsIgnoreCase(std::string(ProductOf(value)), std::string(token_))) {
      for_own_ = named_ = true;
    }
  }

  void AddRule(bool allow, std::string_view pattern) {
    Robots::Rule rule{.allow = allow, .pattern = Normalize(pattern)};
    if (rule.pattern.empty() || rule.pattern.size() > kMaxPatternBytes) {
      return;  // "Disallow:" forbids nothing
    }
    if (for_own_) {
      own_.rules_.push_back(rule);
    }
    if (for_any_) {
      any_.rules_.push_back(std::move(rule));
    }
  }

  void AddDelay(std::string_view value) {
    const std::optional<absl::Duration> delay = ParseDelay(value);
    if (!delay.has_value()) {
      return;
    }
    if (for_own_) {
      own_.crawl_delay_ = std::max(own_.crawl_delay_.value_or(*delay), *delay);
    }
    if (for_any_) {
      any_.crawl_delay_ = std::max(any_.crawl_delay_.value_or(*delay), *delay);
    }
  }

  std::string_view token_;
  Robots own_, any_;
  bool named_ = false;      // a group names the crawler: "*" does not concern it
  bool in_agents_ = false;  // the last line of a group was a user-agent
  bool for_own_ = false, for_any_ = false;
};

Robots Robots::Parse(std::string_view text, std::string_view product_token) {
  return FromText(text.substr(0, kMaxRobotsBytes), product_token);
}

Robots Robots::FromText(std::string_view text, std::string_view product_token) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  RobotsReader reader(product_token);
  while (!text.empty()) {
    const std::size_t end = text.find_first_of("\r\n");
    reader.Line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return reader.Result();
}

void Robots::Finish() {
  std::vector<Rule> rules;
  rules.reserve(rules_.size());
  for (Rule& rule : rules_) {
    const std::string_view searched = std::string_view(rule.pattern).substr(0, rule.pattern.size() - 1);
    const auto stars = static_cast<std::size_t>(std::count(searched.begin(), searched.end(), '*'));
    if (wildcards_ + stars <= kMaxRobotsWildcards) {
      wildcards_ += stars;
    } else if (rule.allow) {
      continue;
    } else {
      rule.pattern.resize(rule.pattern.find('*'));
      rule.pattern = rule.pattern.empty() ? "/" : rule.pattern;
    }
    pattern_bytes_ += rule.pattern.capacity();
    rules.push_back(std::move(rule));
  }
  std::stable_sort(rules.begin(), rules.end(), [](const Rule& a, const Rule& b) {
    return a.pattern.size() != b.pattern.size() ? a.pattern.size() > b.pattern.size() : a.allow && !b.allow;
  });
  rules_ = std::move(rules);
}

std::string Robots::ToText() const {
  std::string text = "user-agent: *\n";
  if (crawl_delay_.has_value()) {
    absl::StrAppend(&text, "crawl-delay: ", absl::ToInt64Milliseconds(*crawl_delay_), "e-3\n");
  }
  for (const Rule& rule : rules_) {
    absl::StrAppend(&text, rule.allow ? "allow: " : "disallow: ", rule.pattern, "\n");
  }
  return text;
}

bool Robots::Allows(std::string_view path_and_query) const {
  const std::string path = Normalize(path_and_query);
  if (rules_.empty() || path == "/robots.txt") {
    return true;
  }
  const auto first =
      std::find_if(rules_.begin(), rules_.end(), [&](const Rule& rule) { return Matches(rule.pattern, path); });
  return first == rules_.end() || first->allow;
}

}  // namespace kawat::fetch
