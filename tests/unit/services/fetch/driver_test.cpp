// When the driver starts requests.
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

}  // namespace
}  // namespace kawat::fetch
