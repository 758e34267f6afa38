// Prometheus' text format 0.0.4, as the services' /metrics answer: what `kawat top` reads.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace kawat::cli {

struct Sample {
  std::string name;
  std::map<std::string, std::string, std::less<>> labels;
  double value = 0;

  std::string Label(std::string_view label) const;  // "" when absent; on one line, whatever was sent

  bool operator==(const Sample&) const = default;
};

inline constexpr std::size_t kMaxSamples = 200'000;
inline constexpr std::size_t kMaxSampleBytes = 8 << 10;  // of a line
inline constexpr std::size_t kMaxLabels = 32;            // of a sample

// Comments and time stamps are left out, NaN is kept. InvalidArgument: another format, or more than the limits, with
// the number of the line.
absl::StatusOr<std::vector<Sample>> ParseMetrics(std::string_view text);

}  // namespace kawat::cli
