#include "bus/kafka/admin.h"

#include <gmock/gmock.h>

namespace kawat::bus::kafka {
namespace {

using ::testing::IsSupersetOf;
using ::testing::Pair;

std::map<std::string, std::string> SettingsOf(std::string_view topic) {
  for (const TopicSpec& spec : Topics(16, 3)) {
    if (spec.name == topic) {
      return TopicSettings(spec);
    }
  }
  return {};
}

TEST(TopicSettingsTest, NoTopicLosesWhatIsAcknowledgedAndAllStampAppendTimes) {
  for (const TopicSpec& spec : Topics(16, 3)) {
    EXPECT_THAT(TopicSettings(spec),
                IsSupersetOf({Pair("min.insync.replicas", "2"), Pair("unclean.leader.election.enable", "false"),
                              Pair("message.timestamp.type", "LogAppendTime"), Pair("retention.bytes", "-1")}))
        << spec.name;
  }
}

TEST(TopicSettingsTest, OneReplicaIsAllThatCanBeInSync) {
  EXPECT_THAT(TopicSettings({.replication = 1}), testing::Contains(Pair("min.insync.replicas", "1")));
}

TEST(TopicSettingsTest, RecordsAreKeptAsLongAsTheTopicSays) {
  EXPECT_THAT(SettingsOf(kLinks),
              IsSupersetOf({Pair("cleanup.policy", "delete"), Pair("retention.ms", "259200000")}));  // 3 days
  EXPECT_THAT(SettingsOf(kSources), IsSupersetOf({Pair("cleanup.policy", "compact"), Pair("retention.ms", "-1")}));
  EXPECT_THAT(SettingsOf(kArticles), IsSupersetOf({Pair("cleanup.policy", "compact,delete"),
                                                   Pair("retention.ms", "34560000000")}));  // 400 days
}

TEST(TopicSettingsTest, ABatchHoldsTheLargestRecordAndWhatLibrdkafkaPutsTogether) {
  constexpr std::int64_t kMiB = 1 << 20;
  EXPECT_EQ(std::stoll(SettingsOf(kDeadLetters)["max.message.bytes"]), 7 * kMiB + kBatchOverheadBytes);
  EXPECT_EQ(std::stoll(SettingsOf(kLinks)["max.message.bytes"]), kMiB + kBatchOverheadBytes);
  EXPECT_EQ(std::stoll(TopicSettings({.max_record_bytes = 1000})["max.message.bytes"]), kMiB + kBatchOverheadBytes);
}

}  // namespace
}  // namespace kawat::bus::kafka
