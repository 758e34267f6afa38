#include "base/main.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace kawat::base
