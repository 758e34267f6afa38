#include "bus/topic_check.h"

#include <gmock/gmock.h>

#include <tuple>

#include "tests/support/status.h"

namespace kawat::bus {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Pair;
using Kind = TopicDifference::Kind;

std::map<std::string, std::string> SettingsOf(std::string_view topic, int replication = 3) {
  for (const TopicSpec& spec : Topics(16, replication)) {
    if (spec.name == topic) {
      return TopicSettings(spec);
    }
  }
  return {};
}

// Three brokers whose topics are as kawat makes them.
class TopicCheckTest : public testing::Test {
 protected:
  TopicCheckTest() {
    for (const TopicSpec& spec : specs_) {
      TopicState& state = states_[spec.name];
      state.partitions = spec.partitions;
      state.replication = 3;
      for (const auto& [name, value] : TopicSettings(spec)) {
        state.settings[name] = {.value = value, .set_on_topic = true};
      }
    }
  }

  void Set(std::string_view topic, const std::string& setting, const std::string& value, bool set_on_topic = true) {
    states_[std::string(topic)].settings[setting] = {.value = value, .set_on_topic = set_on_topic};
  }
  std::vector<TopicDifference> Compare() const { return CompareTopics(specs_, states_); }
  TopicDifference Only() const {
    const std::vector<TopicDifference> found = Compare();
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? TopicDifference() : found.front();
  }
  void ExpectRefused(std::string_view topic, const std::string& setting) const {
    const absl::Status status = CheckLosesNothing(Compare());
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << topic << " " << setting;
    EXPECT_THAT(std::string(status.message()), HasSubstr(std::string(topic)));
    EXPECT_THAT(std::string(status.message()), HasSubstr(setting));
    EXPECT_THAT(std::string(status.message()), HasSubstr("`kawat topics apply`"));
  }

  const std::vector<TopicSpec> specs_ = Topics(16, 3);
  std::map<std::string, TopicState> states_;
};

TEST(TopicSettingsTest, NoTopicLosesWhatIsAcknowledgedAndAllStampAppendTimes) {
  for (const TopicSpec& spec : Topics(16, 3)) {
    EXPECT_THAT(TopicSettings(spec),
                IsSupersetOf({Pair("min.insync.replicas", "2"), Pair("unclean.leader.election.enable", "false"),
                              Pair("message.timestamp.type", "LogAppendTime"), Pair("retention.bytes", "-1")}))
        << spec.name;
  }
}

TEST(TopicSettingsTest, TwoMustBeInSyncOnlyWhereOneMoreMayBeAway) {
  EXPECT_THAT(SettingsOf(kPages, 1), Contains(Pair("min.insync.replicas", "1")));
  EXPECT_THAT(SettingsOf(kPages, 2), Contains(Pair("min.insync.replicas", "1")));
  EXPECT_THAT(SettingsOf(kPages, 3), Contains(Pair("min.insync.replicas", "2")));
}

TEST(TopicSettingsTest, RecordsAreKeptAsLongAsTheTopicSays) {
  EXPECT_THAT(SettingsOf(kLinks),
              IsSupersetOf({Pair("cleanup.policy", "delete"), Pair("retention.ms", "259200000")}));  // 3 days
  EXPECT_THAT(SettingsOf(kSources), IsSupersetOf({Pair("cleanup.policy", "compact"), Pair("retention.ms", "-1")}));
  EXPECT_THAT(SettingsOf(kArticles), IsSupersetOf({Pair("cleanup.policy", "compact,delete"),
                                                   Pair("retention.ms", "34560000000")}));  // 400 days
}

TEST(TopicSettingsTest, NothingIsDeletedUnlessARetentionWasSaid) {
  EXPECT_EQ(TopicSettings({.name = "t"}).at("retention.ms"), "-1");
}

TEST(TopicSettingsTest, ABatchHoldsTheLargestRecordAndWhatLibrdkafkaPutsTogether) {
  constexpr std::int64_t kMiB = 1 << 20;
  constexpr std::int64_t kOverhead = 64 << 10;
  EXPECT_EQ(std::stoll(SettingsOf(kDeadLetters)["max.message.bytes"]), 7 * kMiB + kOverhead);
  EXPECT_EQ(std::stoll(SettingsOf(kLinks)["max.message.bytes"]), kMiB + kOverhead);
  EXPECT_EQ(std::stoll(TopicSettings({.max_record_bytes = 1000})["max.message.bytes"]), kMiB + kOverhead);
}

TEST_F(TopicCheckTest, TopicsAsKawatMakesThemDoNotDiffer) {
  EXPECT_TRUE(Compare().empty());
  EXPECT_OK(CheckLosesNothing(Compare()));
}

TEST_F(TopicCheckTest, WhatWouldLoseDataIsRefusedWithTopicSettingAndWhatToDo) {
  const std::tuple<std::string_view, const char*, const char*> wrong[] = {
      {kPages, "cleanup.policy", "compact"},
      {kPages, "cleanup.policy", "compact,delete"},
      {kSources, "cleanup.policy", "delete"},
      {kArticles, "cleanup.policy", "delete"},
      {kPages, "retention.ms", "3600000"},
      {kArticles, "retention.ms", "604800000"},
      {kPages, "retention.bytes", "1073741824"},
      {kPages, "max.message.bytes", "1048588"},
      {kLinks, "message.timestamp.type", "CreateTime"},
      {kParsed, "unclean.leader.election.enable", "true"},
      {kArticles, "min.insync.replicas", "1"},
  };
  for (const auto& [topic, setting, value] : wrong) {
    const auto before = states_;
    Set(topic, setting, value);
    ExpectRefused(topic, setting);
    EXPECT_EQ(Only().kind, Kind::kMendable);
    EXPECT_EQ(Only().is, value);
    EXPECT_EQ(Only().should, SettingsOf(topic).at(setting));
    states_ = before;
  }
}

TEST_F(TopicCheckTest, MoreThanNeededIsLeft) {
  Set(kPages, "retention.ms", "-1");
  Set(kLinks, "retention.ms", "864000000");
  Set(kParsed, "max.message.bytes", "8388608");
  Set(kEngagement, "min.insync.replicas", "3");
  Set(kDeadLetters, "segment.bytes", "1000000");
  Set(kArticles, "cleanup.policy", "compact");
  states_[std::string(kPages)].partitions = 32;
  states_[std::string(kPages)].replication = 5;
  for (const TopicDifference& difference : Compare()) {
    EXPECT_EQ(difference.kind, Kind::kAccepted) << difference.topic << " " << Describe(difference);
  }
  EXPECT_EQ(Compare().size(), 7U);
  EXPECT_OK(CheckLosesNothing(Compare()));
}

TEST_F(TopicCheckTest, TheOrderOfPoliciesDoesNotMatter) {
  Set(kArticles, "cleanup.policy", "delete,compact");
  EXPECT_TRUE(Compare().empty());
}

TEST_F(TopicCheckTest, RetentionDoesNothingToATopicThatIsOnlyCompacted) {
  Set(kSources, "retention.ms", "604800000");
  EXPECT_EQ(Only().kind, Kind::kMendable);
  EXPECT_FALSE(Only().loses_data);
}

TEST_F(TopicCheckTest, SegmentsThatNobodyChoseAreSet) {
  Set(kPages, "segment.ms", "604800000", false);
  EXPECT_EQ(Only().kind, Kind::kMendable);
  EXPECT_FALSE(Only().loses_data);
}

TEST_F(TopicCheckTest, ATopicWithMorePartitionsThanAreReadIsRefused) {
  for (const std::string_view name : kWithOnePartition) {
    const auto before = states_;
    states_[std::string(name)].partitions = 2;
    ExpectRefused(name, "partitions");
    EXPECT_EQ(Only().kind, Kind::kByHand);
    states_ = before;
  }
}

TEST_F(TopicCheckTest, ArticlesAndEngagementThatAreSplitOtherwiseAreRefused) {
  states_[std::string(kEngagement)].partitions = 4;
  ExpectRefused(kEngagement, "partitions");
}

TEST_F(TopicCheckTest, TooFewReplicasAreSaidButDoNotStopAService) {
  states_[std::string(kPages)].replication = 1;
  Set(kPages, "min.insync.replicas", "1");
  EXPECT_EQ(Only().kind, Kind::kByHand);
  EXPECT_EQ(Only().setting, "replication");
  EXPECT_OK(CheckLosesNothing(Compare()));
}

TEST_F(TopicCheckTest, AMissingTopicIsOneDifference) {
  states_.erase(std::string(kPages));
  EXPECT_EQ(Only().kind, Kind::kMissing);
  EXPECT_EQ(Only().topic, kPages);
}

TEST_F(TopicCheckTest, SettingsThatTheClusterDoesNotTellAreNotGuessed) {
  for (auto& [name, state] : states_) {
    state.settings.clear();
  }
  EXPECT_TRUE(Compare().empty());
}

}  // namespace
}  // namespace kawat::bus
