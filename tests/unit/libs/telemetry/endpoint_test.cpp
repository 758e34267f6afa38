#include "telemetry/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "tests/support/http.h"
#include "tests/support/status.h"

namespace kawat::telemetry {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(EndpointTest, ServesMetricsAndProbes) {
  Registry registry;
  registry.GetCounter("kawat_things_total", "Things.", {{"kind", "a \"b\"\n"}}).Add(2);
  registry.GetHistogram("kawat_wait_seconds", "Waits.").Observe(absl::Milliseconds(3));
  const Gauge asked = registry.GetGauge("kawat_asked", "Set when asked.");
  asked.Set(7);
  std::atomic<bool> ready = false;
  ASSERT_OK_AND_ASSIGN(const auto endpoint, Endpoint::Start("127.0.0.1:0", registry, {.ready = [&] {
                                                              return ready ? absl::OkStatus()
                                                                           : absl::UnavailableError("loading");
                                                            }}));
  const std::string metrics = support::Get(endpoint->address(), "/metrics");
  EXPECT_THAT(metrics, HasSubstr("kawat_things_total{kind=\"a \\\"b\\\"\\n\"} 2"));
  EXPECT_THAT(metrics, HasSubstr("kawat_wait_seconds_bucket{le=\"0.005\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("kawat_asked 7"));
  EXPECT_THAT(support::Get(endpoint->address(), "/livez"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(support::Get(endpoint->address(), "/startupz"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(support::Get(endpoint->address(), "/readyz"), AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("loading")));
  ready = true;
  EXPECT_THAT(support::Get(endpoint->address(), "/readyz"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(support::Get(endpoint->address(), "/other"), StartsWith("HTTP/1.1 404"));
}

TEST(RegistryTest, TheSameNameAndLabelsAreTheSameMetric) {
  Registry registry;
  registry.GetCounter("kawat_x_total", "X.", {{"a", "1"}}).Add();
  registry.GetCounter("kawat_x_total", "X.", {{"a", "1"}}).Add();
  registry.GetCounter("kawat_x_total", "X.", {{"a", "2"}}).Add();
  EXPECT_EQ(registry.GetCounter("kawat_x_total", "X.", {{"a", "1"}}).value(), 2);
}

}  // namespace
}  // namespace kawat::telemetry
