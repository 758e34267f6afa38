#include "cli/top_metrics.h"

#include <gmock/gmock.h>

#include <cmath>

#include "absl/strings/str_cat.h"
#include "telemetry/metrics.h"
#include "tests/support/status.h"

namespace kawat::cli {
namespace {

using ::testing::ElementsAre;

TEST(TopMetricsTest, ReadsNamesLabelsAndNumbers) {
  ASSERT_OK_AND_ASSIGN(const auto samples, ParseMetrics("# HELP a b\n"
                                                        "# TYPE a counter\n"
                                                        "a 1\n"
                                                        "a{x=\"1\",y=\"q\\\"\\\\\\n\"} 2.5e3 1700000000000\r\n"
                                                        "\n"
                                                        "b_bucket{le=\"+Inf\",} +Inf"));
  EXPECT_THAT(samples, ElementsAre(Sample{"a", {}, 1}, Sample{"a", {{"x", "1"}, {"y", "q\"\\\n"}}, 2500},
                                   Sample{"b_bucket", {{"le", "+Inf"}}, HUGE_VAL}));
}

TEST(TopMetricsTest, ReadsWhatARegistryWrites) {
  telemetry::Registry registry;
  registry.GetCounter("kawat_a_total", "A.", {{"label", "a \"b\" \\ \n {c}"}}).Add(3);
  ASSERT_OK_AND_ASSIGN(const auto samples, ParseMetrics(registry.Render()));
  EXPECT_THAT(samples, ::testing::Contains(Sample{"kawat_a_total", {{"label", "a \"b\" \\ \n {c}"}}, 3}));
}

TEST(TopMetricsTest, RefusesWhatIsNoMetricWithItsLine) {
  for (const std::string line : {"<html>", "a", "a{", "a{x", "a{x=}", "a{x=\"1", "a{x=\"1\"", "a{x=\"1\"y=\"2\"} 1",
                                 "a{x=\"1\"} one", "a\xff 1", "{x=\"1\"} 1"}) {
    const auto samples = ParseMetrics(absl::StrCat("b 1\n", line, "\nc 1\n"));
    EXPECT_EQ(samples.status().code(), absl::StatusCode::kInvalidArgument) << line;
    EXPECT_THAT(std::string(samples.status().message()), ::testing::HasSubstr("line 2"));
  }
}

TEST(TopMetricsTest, HasLimits) {
  std::string labels;
  for (std::size_t i = 0; i < kMaxLabels; ++i) {
    absl::StrAppend(&labels, "l", i, "=\"\",");
  }
  EXPECT_OK(ParseMetrics(absl::StrCat("a{", labels, "} 1\n")));
  EXPECT_FALSE(ParseMetrics(absl::StrCat("a{", labels, "z=\"\"} 1\n")).ok());

  const std::string longest = absl::StrCat("a{x=\"", std::string(kMaxSampleBytes - 9, 'x'), "\"} 1");
  ASSERT_EQ(longest.size(), kMaxSampleBytes);
  EXPECT_OK(ParseMetrics(longest));
  EXPECT_FALSE(ParseMetrics(longest + "0").ok());

  std::string many;
  for (std::size_t i = 0; i < kMaxSamples; ++i) {
    many += "a 1\n";
  }
  EXPECT_OK(ParseMetrics(many));
  EXPECT_FALSE(ParseMetrics(many + "a 1\n").ok());
}

TEST(TopMetricsTest, ALineBreakInALabelBreaksNoLineOfTheTable) {
  const auto samples = ParseMetrics("a{source=\"x\\nFORGED\"} 1\n");
  ASSERT_OK(samples.status());
  EXPECT_EQ(samples->front().Label("source"), "x FORGED");
}

}  // namespace
}  // namespace kawat::cli
