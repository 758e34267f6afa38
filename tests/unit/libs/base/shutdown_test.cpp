#include "base/shutdown.h"

#include <gtest/gtest.h>

namespace kawat::base {
namespace {

TEST(ShutdownTest, CallsBackOnceAndAtOnceWhenAlreadyRequested) {
  Shutdown shutdown;
  int calls = 0;
  shutdown.OnRequest([&calls] { ++calls; });
  EXPECT_FALSE(shutdown.requested());
  shutdown.Request();
  shutdown.Request();
  EXPECT_EQ(calls, 1);
  shutdown.OnRequest([&calls] { ++calls; });
  EXPECT_EQ(calls, 2);
  EXPECT_TRUE(shutdown.WaitFor(absl::ZeroDuration()));
}

}  // namespace
}  // namespace kawat::base
