#include "base/suggestion.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace kawat::base {
namespace {

// Levenshtein (1966).
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string Suggestion(std::string_view wrong, const std::vector<std::string>& known) {
  std::string best;
  std::size_t distance = std::max<std::size_t>(wrong.size() / 2, 2) + 1;
  for (const std::string& name : known) {
    if (const std::size_t d = EditDistance(wrong, name); d < distance) {
      distance = d;
      best = name;
    }
  }
  if (!best.empty()) {
    return absl::StrCat("; did you mean \"", best, "\"?");
  }
  std::string all;
  for (const std::string& name : known) {
    absl::StrAppend(&all, all.empty() ? "; known are " : ", ", name);
  }
  return all;
}

}  // namespace kawat::base
