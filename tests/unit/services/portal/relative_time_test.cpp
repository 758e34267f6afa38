#include "services/portal/relative_time.h"

#include <gtest/gtest.h>

namespace kawat::portal {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'767'225'600);

TEST(RelativeTimeTest, SaysItInTheReadersLanguage) {
  EXPECT_EQ(RelativeTime(kNow - absl::Hours(15), kNow, "id"), "15 jam yang lalu");
  EXPECT_EQ(RelativeTime(kNow - absl::Hours(15), kNow, "en"), "15 hours ago");
  EXPECT_EQ(RelativeTime(kNow - absl::Hours(15), kNow, "ja"), "15 時間前");
}

TEST(RelativeTimeTest, RoundsDownToTheLargestUnitThatFits) {
  EXPECT_EQ(RelativeTime(kNow - absl::Seconds(59), kNow, "en"), "59 seconds ago");
  EXPECT_EQ(RelativeTime(kNow - absl::Seconds(60), kNow, "en"), "1 minute ago");
  EXPECT_EQ(RelativeTime(kNow - absl::Hours(47), kNow, "en"), "1 day ago");
  EXPECT_EQ(RelativeTime(kNow - absl::Hours(24 * 800), kNow, "en"), "2 years ago");
}

TEST(RelativeTimeTest, ATimeAheadCountsAsNow) {
  EXPECT_EQ(RelativeTime(kNow + absl::Hours(1), kNow, "en"), "0 seconds ago");
}

}  // namespace
}  // namespace kawat::portal
