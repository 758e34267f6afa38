#include "services/parse/months.h"

#include <algorithm>
#include <array>
#include <utility>

namespace kawat::parse {
namespace {

constexpr auto kMonths = std::to_array<std::pair<std::string_view, int>>({{"jan", 1},
                                                                          {"feb", 2},
                                                                          {"mar", 3},
                                                                          {"apr", 4},
                                                                          {"may", 5},
                                                                          {"mei", 5},
                                                                          {"jun", 6},
                                                                          {"jul", 7},
                                                                          {"aug", 8},
                                                                          {"agu", 8},
                                                                          {"ags", 8},
                                                                          {"sep", 9},
                                                                          {"oct", 10},
                                                                          {"okt", 10},
                                                                          {"nov", 11},
                                                                          {"dec", 12},
                                                                          {"des", 12}});

}  // namespace

int MonthOf(std::string_view word) {
  const auto* const found =
      std::ranges::find_if(kMonths, [&](const auto& month) { return word.starts_with(month.first); });
  return word.size() > 9 || found == kMonths.end() ? 0 : found->second;
}

}  // namespace kawat::parse
