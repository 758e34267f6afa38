#include "base/main.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace kawat::base {
namespace {

TEST(MainTest, WhatARestartCannotMendIsNotRestarted) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), kExitOk);
  EXPECT_EQ(ExitCodeOf(absl::InvalidArgumentError("a flag")), kExitCannotMend);
  EXPECT_EQ(ExitCodeOf(absl::FailedPreconditionError("a folder")), kExitCannotMend);
  EXPECT_EQ(ExitCodeOf(absl::DataLossError("a damaged file")), kExitCannotMend);
  EXPECT_EQ(ExitCodeOf(absl::ResourceExhaustedError("a full disk")), kExitFailed);
  EXPECT_EQ(ExitCodeOf(absl::InternalError("anything")), kExitFailed);
}

TEST(MainTest, AProcessMayOpenAsManyFilesAsTheSystemAllows) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = 100;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  RaiseFileLimit();
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, limit.rlim_max);
}

}  // namespace
}  // namespace kawat::base
