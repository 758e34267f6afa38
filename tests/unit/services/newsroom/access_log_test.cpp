#include "services/newsroom/access_log.h"

#include <gtest/gtest.h>

namespace kawat::newsroom {
namespace {

constexpr absl::Duration kDelay = absl::Milliseconds(50);
const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

HostLog LogOf(std::initializer_list<std::pair<int, int>> arrivals_and_takes_ms) {
  AccessLog log(kDelay);
  for (const auto& [arrival, takes] : arrivals_and_takes_ms) {
    log.Record("a.example", kStart + absl::Milliseconds(arrival), absl::Milliseconds(takes));
  }
  return log.hosts().at("a.example");
}

TEST(AccessLogTest, ARequestAfterTheDelayIsPolite) {
  const HostLog log = LogOf({{0, 0}, {50, 0}, {98, 0}});  // 2 ms are tolerated
  EXPECT_EQ(log.too_fast, 0);
  EXPECT_EQ(log.fastest_gap, absl::Milliseconds(48));
}

TEST(AccessLogTest, ARequestBeforeTheDelayIsTooFast) { EXPECT_EQ(LogOf({{0, 0}, {47, 0}}).too_fast, 1); }

TEST(AccessLogTest, TheDelayRunsFromTheEndOfTheAnswer) {
  const HostLog log = LogOf({{0, 10}, {55, 0}});
  EXPECT_EQ(log.too_fast, 1);
  EXPECT_EQ(log.fastest_gap, absl::Milliseconds(45));
}

TEST(AccessLogTest, ARequestDuringAnAnswerIsASecondConnection) {
  const HostLog log = LogOf({{0, 10}, {5, 0}});
  EXPECT_EQ(log.at_once, 1);
  EXPECT_EQ(log.too_fast, 0);
}

TEST(AccessLogTest, AClientMayLeaveAnEndlessAnswer) {
  const HostLog log = LogOf({{0, 6000}, {2050, 0}});
  EXPECT_EQ(log.at_once + log.too_fast, 0);
}

TEST(AccessLogTest, HostsAreCountedApart) {
  AccessLog log(kDelay);
  log.Record("a.example", kStart, absl::ZeroDuration());
  log.Record("b.example", kStart, absl::ZeroDuration());
  EXPECT_EQ(log.hosts().at("a.example").too_fast + log.hosts().at("b.example").too_fast, 0);
}

}  // namespace
}  // namespace kawat::newsroom
