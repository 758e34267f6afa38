// The embedded log when its process, or its disk, ends.
#include <gmock/gmock.h>

#include <array>
#include <random>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "bus/embedded/embedded_bus.h"
#include "tests/support/child.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"

namespace kawat::bus {
namespace {

using testing::HasSubstr;
using testing::Optional;

// How many whole records a partition has; fails unless they are numbered from 0 on and each is as log_child made it.
int CountWhole(Bus& bus, std::int32_t partition) {
  auto consumer = bus.NewConsumer("reader");
  EXPECT_OK((*consumer)->Assign(std::vector{Position{"t", partition, 0}}));
  int count = 0;
  while (true) {
    auto records = (*consumer)->Poll({.patience = absl::ZeroDuration()});
    EXPECT_OK(records);
    if (!records.ok() || records->empty()) {
      return count;
    }
    for (const Record& record : *records) {
      const std::string key = absl::StrCat(partition, "/", count);
      EXPECT_EQ(record.key, key);
      EXPECT_EQ(record.offset, count);
      EXPECT_EQ(record.value, absl::StrCat(key, std::string(static_cast<std::size_t>(count * 37 % 6000),
                                                            static_cast<char>('a' + count % 26))));
      ++count;
    }
  }
}

TEST(EmbeddedCrashTest, WhatWasAcknowledgedSurvivesSigkill) {
  const support::TempFolder folder;
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  for (int death = 0; death < 5; ++death) {
    std::array<int, 2> acknowledged = {-1, -1};
    {
      support::Child child("log_child", {"write", folder.path()});
      const auto note = [&](const std::optional<std::string>& line) {
        ASSERT_TRUE(line && line->size() > 2 && line->substr(1, 1) == " ") << line.value_or("(ended)");
        int number = 0;
        ASSERT_TRUE(absl::SimpleAtoi(line->substr(2), &number));
        acknowledged.at(static_cast<std::size_t>(line->front() - '0')) = number;
      };
      for (unsigned lines = 5 + random() % 60; lines > 0; --lines) {
        note(child.ReadLine());
      }
      child.Kill();
      while (const auto line = child.ReadLine()) {  // said before it died
        note(line);
      }
      EXPECT_EQ(child.Wait(), -9);
    }
    ASSERT_OK_AND_ASSIGN(const auto bus, OpenEmbedded(folder.path(), base::SystemClock()));
    for (std::int32_t partition = 0; partition < 2; ++partition) {
      EXPECT_GT(CountWhole(*bus, partition), acknowledged.at(static_cast<std::size_t>(partition)));
    }
    ASSERT_FALSE(HasFailure());
  }
}

TEST(EmbeddedCrashTest, AFullDiskIsSaid) {
  const support::TempFolder folder;
  support::Child child("log_child", {"full", folder.path()});
  const std::optional<std::string> answer = child.ReadLine();
  if (answer == "not allowed") {
    GTEST_SKIP() << "this machine does not let a test mount a small disk";
  }
  EXPECT_THAT(answer, Optional(HasSubstr("RESOURCE_EXHAUSTED")));
  EXPECT_THAT(answer, Optional(HasSubstr(folder.path().string())));
  EXPECT_EQ(child.Wait(), 0);
}

TEST(EmbeddedCrashTest, AReadOnlyFolderIsSaid) {
  const support::TempFolder folder;
  support::Child child("log_child", {"readonly", folder.path()});
  const std::optional<std::string> answer = child.ReadLine();
  if (answer == "not allowed") {
    GTEST_SKIP() << "this machine does not let a test mount a small disk";
  }
  EXPECT_THAT(answer, Optional(HasSubstr("FAILED_PRECONDITION")));
  EXPECT_THAT(answer, Optional(HasSubstr(folder.path().string())));
}

TEST(EmbeddedCrashTest, AFolderInUseIsRefusedAfterTheWait) {
  const support::TempFolder folder;
  ASSERT_OK_AND_ASSIGN(const auto bus, OpenEmbedded(folder.path(), base::SystemClock()));
  EXPECT_EQ(OpenEmbedded(folder.path(), base::SystemClock(), absl::Milliseconds(60)).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace kawat::bus
