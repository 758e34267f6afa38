#include "cli/top_metrics.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace kawat::cli {
namespace {

absl::Status Wrong(std::string_view what) { return absl::InvalidArgumentError(std::string(what)); }

void SkipBlanks(std::string_view& rest) {
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) {
    rest.remove_prefix(1);
  }
}

std::string_view TakeName(std::string_view& rest) {
  std::size_t end = 0;
  while (end < rest.size() &&
         (std::isalnum(static_cast<unsigned char>(rest[end])) != 0 || rest[end] == '_' || rest[end] == ':')) {
    ++end;
  }
  const std::string_view name = rest.substr(0, end);
  rest.remove_prefix(end);
  return name;
}

// What follows the opening quote, up to and with the closing one.
absl::StatusOr<std::string> TakeQuoted(std::string_view& rest) {
  std::string value;
  for (std::size_t at = 0; at < rest.size(); ++at) {
    if (rest[at] == '"') {
      rest.remove_prefix(at + 1);
      return value;
    }
    if (rest[at] == '\\' && at + 1 < rest.size()) {
      ++at;
      value += rest[at] == 'n' ? '\n' : rest[at];
    } else {
      value += rest[at];
    }
  }
  return Wrong("a label's value has no end");
}

absl::Status TakeLabels(std::string_view& rest, Sample& sample) {
  while (true) {
    SkipBlanks(rest);
    if (rest.starts_with('}')) {
      rest.remove_prefix(1);
      return absl::OkStatus();
    }
    const std::string_view name = TakeName(rest);
    SkipBlanks(rest);
    if (name.empty() || !rest.starts_with('=')) {
      return Wrong("not a label");
    }
    rest.remove_prefix(1);
    SkipBlanks(rest);
    if (!rest.starts_with('"')) {
      return Wrong("a label's value has no quotes");
    }
    rest.remove_prefix(1);
    KAWAT_ASSIGN_OR_RETURN(sample.labels[std::string(name)], TakeQuoted(rest));
    if (sample.labels.size() > kMaxLabels) {
      return Wrong(absl::StrCat("more than ", kMaxLabels, " labels"));
    }
    SkipBlanks(rest);
    if (rest.starts_with(',')) {
      rest.remove_prefix(1);
    } else if (!rest.starts_with('}')) {
      return Wrong("labels have no end");
    }
  }
}

absl::StatusOr<Sample> ParseLine(std::string_view line) {
  Sample sample;
  sample.name = std::string(TakeName(line));
  if (sample.name.empty()) {
    return Wrong("no metric's name");
  }
  SkipBlanks(line);
  if (line.starts_with('{')) {
    line.remove_prefix(1);
    KAWAT_RETURN_IF_ERROR(TakeLabels(line, sample));
  }
  SkipBlanks(line);
  const std::string number(line.substr(0, line.find_first_of(" \t")));
  if (!absl::SimpleAtod(number, &sample.value)) {  // takes "+Inf", "NaN" as well
    return Wrong("no number");
  }
  return sample;
}

}  // namespace

std::string Sample::Label(std::string_view label) const {
  const auto found = labels.find(label);
  std::string line = found == labels.end() ? "" : found->second;
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return line;
}

absl::StatusOr<std::vector<Sample>> ParseMetrics(std::string_view text) {
  std::vector<Sample> samples;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    SkipBlanks(line);
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    absl::StatusOr<Sample> sample = line.size() > kMaxSampleBytes
                                        ? Wrong(absl::StrCat("longer than ", kMaxSampleBytes, " bytes"))
                                        : ParseLine(line);
    if (sample.ok() && samples.size() == kMaxSamples) {
      sample = Wrong(absl::StrCat("more than ", kMaxSamples, " samples"));
    }
    if (!sample.ok()) {
      return Wrong(absl::StrCat("line ", number, " of the metrics: ", std::string(sample.status().message())));
    }
    samples.push_back(*std::move(sample));
  }
  return samples;
}

}  // namespace kawat::cli
