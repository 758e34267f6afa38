#include "services/store/work_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

namespace kawat::store {
namespace {

TEST(WorkPoolTest, RefusesWhatIsMoreThanMayWaitAndDoesTheRest) {
  constexpr int kMaxQueued = 3;
  std::latch busy(1);
  std::latch go_on(1);
  std::atomic<int> done = 0;
  {
    WorkPool pool(/*threads=*/1, kMaxQueued);
    ASSERT_TRUE(pool.TryPost([&] {
      busy.count_down();
      go_on.wait();
    }));
    busy.wait();
    for (int i = 0; i < kMaxQueued; ++i) {
      EXPECT_TRUE(pool.TryPost([&] { ++done; })) << i;
    }
    EXPECT_FALSE(pool.TryPost([&] { ++done; }));
    pool.Post([&] { ++done; });  // limited elsewhere
    go_on.count_down();
  }
  EXPECT_EQ(done, kMaxQueued + 1);
}

}  // namespace
}  // namespace kawat::store
