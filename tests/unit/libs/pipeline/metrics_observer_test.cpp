#include "pipeline/metrics_observer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace kawat::pipeline {
namespace {

using ::testing::HasSubstr;

const bus::TopicPartition kSources{"kawat.sources", 0};
constexpr char kRecords[] = "kawat_consumer_lag_records{partition=\"0\",stage=\"store\",topic=\"kawat.sources\"} ";

TEST(MetricsObserverTest, OfSeveralShardsThatReadOnePartitionTheWorstIsShown) {
  telemetry::Registry registry;
  MetricsObserver observer("store", registry);
  observer.OnLag("store/0", kSources, 7, absl::Now() - absl::Hours(1));
  observer.OnLag("store/1", kSources, 0, absl::InfiniteFuture());
  EXPECT_THAT(registry.Render(), HasSubstr(absl::StrCat(kRecords, "7\n")));
  observer.OnLag("store/0", kSources, 0, absl::InfiniteFuture());
  EXPECT_THAT(registry.Render(), HasSubstr(absl::StrCat(kRecords, "0\n")));
}

TEST(MetricsObserverTest, WhatWaitsGrowsOlderWithoutAReport) {
  telemetry::Registry registry;
  MetricsObserver observer("store", registry);
  observer.OnLag("store/0", kSources, 1, absl::Now());
  const auto shown = [&registry] {
    const std::string name = "\nkawat_consumer_lag_seconds{";
    const std::string text = registry.Render();
    const std::size_t line = text.find(name);
    return std::stod(text.substr(text.find("} ", line) + 2));
  };
  const double first = shown();
  EXPECT_GE(first, 0);
  EXPECT_GT(shown(), first);
}

TEST(MetricsObserverTest, DeadLettersBeginAtZeroForEachReason) {
  telemetry::Registry registry;
  MetricsObserver observer("store", registry);
  for (const article::Reason reason : article::kDeadLetterReasons) {
    EXPECT_THAT(registry.Render(),
                HasSubstr(absl::StrCat("kawat_dead_letters_total{reason=\"", std::string(article::Name(reason)),
                                       "\",stage=\"store\"} 0\n")));
  }
}

}  // namespace
}  // namespace kawat::pipeline
