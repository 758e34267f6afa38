// The runner on the real log and the real state: both on disk, closed and opened again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "bus/embedded/embedded_bus.h"
#include "state/rocksdb/rocksdb_store.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/libs/pipeline/toy_stage.h"

namespace kawat::pipeline {
namespace {

struct RealParts {
  explicit RealParts(const std::filesystem::path& log_folder, const std::filesystem::path& state_folder) {
    auto opened_bus = bus::OpenEmbedded(log_folder, base::SystemClock());
    KAWAT_CHECK(opened_bus.ok(), "no log");
    log = *std::move(opened_bus);
    auto opened_store = state::OpenRocksDb(state_folder);
    KAWAT_CHECK(opened_store.ok(), "no state");
    store = *std::move(opened_store);
    const std::vector<bus::TopicSpec> topics = {
        {.name = kIn, .partitions = 1, .retention = absl::InfiniteDuration()},
        {.name = kOut, .partitions = 1, .retention = absl::InfiniteDuration(), .max_record_bytes = 1000},
        {.name = std::string(bus::kDeadLetters), .retention = absl::InfiniteDuration()}};
    KAWAT_CHECK(log->CreateMissingTopics(topics).ok(), "no topics");
  }

  void Add(const std::vector<std::string>& values) const {
    auto producer = log->NewProducer();
    KAWAT_CHECK(producer.ok(), "no producer");
    for (const std::string& value : values) {
      bus::Record record;
      record.topic = kIn;
      record.key = "a";
      record.value = value;
      KAWAT_CHECK((*producer)->Send(std::span(&record, 1)).ok(), "not sent");
    }
    KAWAT_CHECK((*producer)->Flush(absl::Seconds(10)).ok(), "not stored");
  }

  absl::Status RunToEnd() {
    const StageRunnerOptions options{.stage = "toy", .owner = "toy/0", .inputs = {{kIn, 0}}};
    KAWAT_ASSIGN_OR_RETURN(const auto runner, StageRunner::Create(options, stage, *log, store.get(), nullptr, nullptr));
    return World::RunToEnd(*runner);
  }

  std::string Sum() const { return store->Get("sum/a")->value_or("none"); }

  ToyStage stage;
  std::unique_ptr<bus::Bus> log;
  std::unique_ptr<state::Store> store;
};

TEST(RealPartsTest, StateAndOffsetSurviveTogether) {
  const support::TempFolder folder;
  {
    RealParts parts(folder.path() / "log", folder.path() / "state");
    parts.Add({"1", "2", "bad", "huge", "3"});
    ASSERT_OK(parts.RunToEnd());
    EXPECT_EQ(parts.Sum(), "6");
  }
  RealParts parts(folder.path() / "log", folder.path() / "state");
  ASSERT_OK(parts.RunToEnd());
  EXPECT_EQ(parts.Sum(), "6");
  parts.Add({"10"});
  ASSERT_OK(parts.RunToEnd());
  EXPECT_EQ(parts.Sum(), "16");
  ASSERT_OK_AND_ASSIGN(const auto reader, parts.log->NewConsumer("test"));
  ASSERT_OK_AND_ASSIGN(const bus::OffsetRange letters, reader->Range({std::string(bus::kDeadLetters), 0}));
  EXPECT_EQ(letters.end, 2);
  ASSERT_OK_AND_ASSIGN(const auto last, reader->ReadAt({kOut, 0}, 3));
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->value, "16");
  EXPECT_EQ(bus::FormatOrigin(last->origin), "1/toy.in/0/5/0");
}

TEST(RealPartsTest, AnotherLogUnderTheSameStateStopsTheStage) {
  const support::TempFolder folder;
  {
    RealParts parts(folder.path() / "log", folder.path() / "state");
    parts.Add({"1", "2"});
    ASSERT_OK(parts.RunToEnd());
  }
  RealParts parts(folder.path() / "another log", folder.path() / "state");
  EXPECT_EQ(parts.RunToEnd().code(), absl::StatusCode::kFailedPrecondition);
  parts.Add({"1", "1", "1"});
  EXPECT_EQ(parts.RunToEnd().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(parts.Sum(), "3");
}

}  // namespace
}  // namespace kawat::pipeline
