// When the driver starts requests, and what it does when the frontier cannot say which.
#include "services/fetch/driver.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/unit/services/fetch/world.h"

namespace kawat::fetch {
namespace {

TEST(DriverTest, AsksNothingWhileTheBusIsSilent) {
  World world;
  world.AddSource(SourceA());
  world.bus.SetLastHeard(world.clock.Now());
  ASSERT_OK(world.Run(absl::Seconds(15)));
  const std::size_t asked = world.web.asked().size();
  ASSERT_GT(asked, 0u);
  for (int i = 0; i < 5; ++i) {
    world.AddEntry(absl::StrCat("https://a.example/", i));
  }
  ASSERT_OK(world.Run(absl::Seconds(15)));
  EXPECT_EQ(world.web.asked().size(), asked);
  world.bus.SetLastHeard(world.clock.Now());
  ASSERT_OK(world.Run(absl::Seconds(5)));
  EXPECT_GT(world.web.asked().size(), asked);
}

// When the wall clock was set back an hour, every host rested for that hour.
TEST(DriverTest, AWallClockThatIsSetDelaysNothingAndDatesPages) {
  for (const absl::Duration step : {-absl::Hours(1), absl::Hours(1)}) {
    World world;
    support::FakeClock wall(world.clock.Now());
    world.Start(&wall);
    world.AddSource(SourceA());
    ASSERT_OK(world.Run(absl::Seconds(15)));
    wall.Advance(step);
    world.bus.SetLastHeard(wall.Now());
    world.web.Serve("https://a.example/late", "late");
    world.AddEntry("https://a.example/late");
    ASSERT_OK(world.Run(absl::Seconds(15)));
    ASSERT_EQ(world.Pages().size(), 1u);
    EXPECT_EQ(world.Pages()[0].fetched_time, wall.Now());
  }
}

TEST(DriverTest, AStateThatDoesNotDecodeEndsTheProcessThoughNothingElseHappens) {
  World world;
  world.AddSource(SourceA());
  ASSERT_OK(world.Run(absl::Milliseconds(100)));
  ASSERT_TRUE(world.web.asked().empty()) << "the source's URLs wait for their host's delay";
  for (const char* url : {"https://a.example/", "https://a.example/feed"}) {
    std::unique_ptr<state::Txn> txn = world.store.Begin();
    txn->Put(UrlKey("a.example", url), "damaged");
    ASSERT_OK(world.store.Commit(std::move(txn)));
  }
  EXPECT_TRUE(absl::IsDataLoss(world.Run(absl::Seconds(5))));
}

}  // namespace
}  // namespace kawat::fetch
