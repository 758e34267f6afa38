#include "telemetry/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "telemetry/label_cap.h"

namespace kawat::telemetry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(RegistryTest, WhatIsAskedForIsSetBeforeEachRender) {
  Registry registry;
  int asked = 0;
  const auto refresh =
      registry.BeforeRender([&asked, gauge = registry.GetGauge("kawat_asked", "Times asked.")] { gauge.Set(++asked); });
  EXPECT_THAT(registry.Render(), HasSubstr("\nkawat_asked 1\n"));
  EXPECT_THAT(registry.Render(), HasSubstr("\nkawat_asked 2\n"));
}

TEST(RegistryTest, NothingIsAskedAfterItsHandleIsGone) {
  Registry registry;
  int asked = 0;
  auto first = registry.BeforeRender([&asked] { asked += 1; });
  auto second = registry.BeforeRender([&asked] { asked += 100; });
  first.reset();
  registry.Render();
  EXPECT_EQ(asked, 100);
  second.reset();
  registry.Render();
  EXPECT_EQ(asked, 100);
}

TEST(RegistryTest, ShowsTheProcess) {
  const std::string text = Registry().Render();
  for (const char* name : {"process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds",
                           "process_max_fds", "process_start_time_seconds"}) {
    EXPECT_THAT(text, HasSubstr(std::string("\n") + name + " "));
    EXPECT_THAT(text, Not(HasSubstr(std::string("\n") + name + " 0\n")));
  }
}

TEST(RegistryTest, AllRegistriesOfAProcessShowTheSameStart) {
  const auto start = [](const std::string& text) {
    const std::size_t at = text.find("\nprocess_start_time_seconds ");
    return text.substr(at, text.find('\n', at + 1) - at);
  };
  EXPECT_EQ(start(Registry().Render()), start(Registry().Render()));
}

TEST(LabelCapTest, OnlyTheFirstValuesHaveSeriesOfTheirOwn) {
  LabelCap cap(2);
  EXPECT_EQ(cap.Of("a"), "a");
  EXPECT_EQ(cap.Of("b"), "b");
  EXPECT_EQ(cap.Of("c"), "other");
  EXPECT_EQ(cap.Of("a"), "a");
  EXPECT_EQ(cap.Of(""), "other");
}

}  // namespace
}  // namespace kawat::telemetry
