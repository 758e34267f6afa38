#include "pipeline/crash_marker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/libs/pipeline/toy_stage.h"

namespace kawat::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

// Crashes the process on the value "crash", until it is mended.
class CrashingStage final : public Stage {
 public:
  bool mended = false;

  absl::Status Apply(const bus::Record& in, state::Txn& /*state*/, Outbox& out) override {
    KAWAT_CHECK(mended || in.value != "crash", "planted");
    out.Send(kOut, "", in.key, in.value);
    return absl::OkStatus();
  }
  void Refused(const bus::Record& in, article::Reason reason, Outbox& out) override {
    out.Send(kOut, "", in.key, std::string(article::Name(reason)));
  }
};

// Each process is a fork with its own copy of the memory bus: only the marker file survives, as after a crash before
// the commit.
TEST(CrashMarkerDeathTest, ARecordThatCrashesItsStageIsRunAloneAndThenGivenUp) {
  ::testing::FLAGS_gtest_death_test_style = "fast";
  const support::TempFolder folder;
  World world;
  world.options.marker_path = (folder.path() / "marker").string();
  world.Add("a", "1");
  world.Add("b", "crash");
  world.Add("c", "3");
  CrashingStage stage;
  const auto run = [&] {
    auto runner = StageRunner::Create(world.options, stage, world.bus, &world.store, nullptr, &world.recorder);
    return World::RunToEnd(**runner);
  };
  for (int i = 0; i < CrashMarker::kCrashes; ++i) {
    EXPECT_DEATH(run().IgnoreError(), "planted") << i;
  }
  EXPECT_DEATH(run().IgnoreError(), "planted");  // alone: this time what stands before it is committed first
  ASSERT_OK(run());
  EXPECT_THAT(world.recorder.dead_letters, ElementsAre(Pair(article::Reason::kCrashed, 1)));
  EXPECT_THAT(world.Facts(kOut), ElementsAre(Pair("a", "1/toy.in/0/0/0 1"), Pair("b", "1/toy.in/0/1/0 crashed"),
                                             Pair("c", "1/toy.in/0/2/0 3")));
  EXPECT_EQ(world.CommittedOnBus(), 3);
}

TEST(CrashMarkerDeathTest, OnceARecordIsCommittedItsCrashesAreForgotten) {
  ::testing::FLAGS_gtest_death_test_style = "fast";
  const support::TempFolder folder;
  World world;
  world.options.marker_path = (folder.path() / "marker").string();
  world.Add("b", "crash");
  CrashingStage stage;
  const auto run = [&] {
    auto runner = StageRunner::Create(world.options, stage, world.bus, &world.store, nullptr, &world.recorder);
    return World::RunToEnd(**runner);
  };
  EXPECT_DEATH(run().IgnoreError(), "planted");
  EXPECT_THAT(*base::ReadFile(world.options.marker_path, 1 << 20), HasSubstr("1 batch toy.in/0/0"));
  stage.mended = true;
  ASSERT_OK(run());
  EXPECT_EQ(world.CommittedOnBus(), 1);
  EXPECT_THAT(*base::ReadFile(world.options.marker_path, 1 << 20), Not(HasSubstr("toy.in")));
}

bus::Record RecordAt(std::int64_t offset) {
  bus::Record record;
  record.topic = "t";
  record.partition = 0;
  record.offset = offset;
  return record;
}

TEST(CrashMarkerTest, ARecordThatDoesNotCrashAloneIsNotGivenUp) {
  const support::TempFolder folder;
  const std::string path = (folder.path() / "marker").string();
  const bus::Record record = RecordAt(5);
  for (int i = 0; i < CrashMarker::kCrashes; ++i) {
    CrashMarker marker;
    ASSERT_OK(marker.Open(path, 2));
    EXPECT_FALSE(marker.MustRunAlone(record));
    marker.Begin(1, record);  // and the process dies
  }
  {
    CrashMarker marker;
    ASSERT_OK(marker.Open(path, 2));
    EXPECT_TRUE(marker.MustRunAlone(record));
    EXPECT_FALSE(marker.IsGivenUp(record));
    marker.Begin(0, record);
    marker.End(0);
    marker.Forget(record);
    EXPECT_FALSE(marker.MustRunAlone(record));
  }
  CrashMarker marker;
  ASSERT_OK(marker.Open(path, 2));
  EXPECT_FALSE(marker.MustRunAlone(record));
}

// Two records that crash two stages of one process take turns; neither may wipe out what is known of the other.
TEST(CrashMarkerTest, CrashesElsewhereInBetweenDoNotHideARecordThatCrashes) {
  const support::TempFolder folder;
  const std::string path = (folder.path() / "marker").string();
  for (int i = 0; i < CrashMarker::kCrashes; ++i) {
    {
      CrashMarker marker;
      ASSERT_OK(marker.Open(path, 2));
      marker.Begin(0, RecordAt(5));  // and the process dies
    }
    CrashMarker marker;
    ASSERT_OK(marker.Open(path, 2));
    marker.Begin(0, RecordAt(3));  // and it dies of another cause
    marker.End(0);
  }
  CrashMarker marker;
  ASSERT_OK(marker.Open(path, 2));
  EXPECT_TRUE(marker.MustRunAlone(RecordAt(5)));
  EXPECT_FALSE(marker.MustRunAlone(RecordAt(3)));
}

TEST(CrashMarkerTest, ARecordThatIsGivenUpStaysSoUntilItIsCommitted) {
  const support::TempFolder folder;
  const std::string path = (folder.path() / "marker").string();
  ASSERT_OK(base::WriteFileAtomically(path, "4 alone t/0/5\n"));
  for (int i = 0; i < 2; ++i) {  // a process that dies between the dead letter and the commit
    CrashMarker marker;
    ASSERT_OK(marker.Open(path, 2));
    EXPECT_TRUE(marker.IsGivenUp(RecordAt(5)));
  }
  {
    CrashMarker marker;
    ASSERT_OK(marker.Open(path, 2));
    marker.Forget(RecordAt(5));
  }
  CrashMarker marker;
  ASSERT_OK(marker.Open(path, 2));
  EXPECT_FALSE(marker.IsGivenUp(RecordAt(5)));
}

TEST(CrashMarkerTest, GarbageInTheFileIsIgnored) {
  const support::TempFolder folder;
  const std::string path = (folder.path() / "marker").string();
  ASSERT_OK(base::WriteFileAtomically(path, "x y z\n\n\xff\n9 alone\n"));
  CrashMarker marker;
  EXPECT_OK(marker.Open(path, 1));
}

}  // namespace
}  // namespace kawat::pipeline
