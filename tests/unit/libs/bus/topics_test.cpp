#include "bus/topics.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/support/status.h"

namespace kawat::bus {
namespace {

TopicSpec Find(std::string_view name) {
  for (const TopicSpec& spec : Topics(16, 3)) {
    if (spec.name == name) {
      return spec;
    }
  }
  ADD_FAILURE() << "no topic " << name;
  return {};
}

TEST(TopicsTest, EachOfTheSevenIsThereOnce) {
  std::set<std::string> names;
  for (const TopicSpec& spec : Topics(16, 3)) {
    EXPECT_TRUE(names.insert(spec.name).second);
    EXPECT_EQ(spec.replication, 3);
    EXPECT_GT(spec.retention, absl::ZeroDuration());
  }
  EXPECT_EQ(names.size(), 7U);
}

TEST(TopicsTest, SourcesAndParsedHaveOnePartition) {
  EXPECT_EQ(Find(kSources).partitions, 1);
  EXPECT_EQ(Find(kParsed).partitions, 1);
  EXPECT_EQ(Find(kPages).partitions, 16);
}

TEST(TopicsTest, ArticlesAndEngagementAreSplitAlike) {
  EXPECT_EQ(Find(kArticles).partitions, Find(kEngagement).partitions);
}

TEST(TopicsTest, ADeadLetterHoldsAnyRecord) {
  for (const TopicSpec& spec : Topics(16, 3)) {
    if (spec.name != kDeadLetters) {
      EXPECT_GE(Find(kDeadLetters).max_record_bytes, spec.max_record_bytes + (1 << 20));
    }
  }
}

TEST(TopicsTest, OnlyPagesMakeProducersWait) {
  for (const TopicSpec& spec : Topics(16, 3)) {
    EXPECT_EQ(spec.max_unread_bytes > 0, spec.name == kPages) << spec.name;
  }
}

// The table of the design, by hand: a change of topics.toml is meant to be made twice.
TEST(TopicsTest, TheFileSaysWhatTheDesignSays) {
  struct Row {
    std::string_view name;
    std::int32_t partitions;
    bool compacted;
    absl::Duration retention;
    std::int64_t max_record_mib;
  };
  const absl::Duration day = absl::Hours(24);
  const Row rows[] = {
      {kSources, 1, true, absl::InfiniteDuration(), 1},
      {kLinks, 16, false, 3 * day, 1},
      {kPages, 16, false, 7 * day, 6},
      {kParsed, 1, false, 7 * day, 1},
      {kArticles, 16, true, 400 * day, 1},
      {kEngagement, 16, false, 400 * day, 1},
      {kDeadLetters, 16, false, 30 * day, 7},
  };
  EXPECT_EQ(DefaultsOfTopics().partitions, 16);
  EXPECT_EQ(DefaultsOfTopics().embedded_partitions, 4);
  EXPECT_EQ(DefaultsOfTopics().replication, 3);
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const TopicSpec spec = Find(row.name);
    EXPECT_EQ(spec.partitions, row.partitions);
    EXPECT_EQ(spec.compacted, row.compacted);
    EXPECT_EQ(spec.retention, row.retention);
    EXPECT_EQ(spec.max_record_bytes, row.max_record_mib << 20);
  }
}

// Kafka deletes whole segments: one that is open as long as the retention would keep twice as much.
TEST(TopicsTest, SegmentsAreClosedWellBeforeTheirRecordsExpire) {
  for (const TopicSpec& spec : Topics(16, 3)) {
    EXPECT_LE(spec.segment_age, spec.retention / 3) << spec.name;
    EXPECT_GE(spec.segment_bytes, 4 * spec.max_record_bytes) << spec.name;
  }
}

// A file with all topics, in which `from` stands as `to`.
absl::Status ParseWith(const std::string& from, const std::string& to) {
  std::string text = "[defaults]\npartitions = 16\nembedded_partitions = 4\nreplication = 3\n";
  for (const TopicSpec& spec : Topics(16, 3)) {
    text.append("[[topics]]\nname = '").append(spec.name).append("'\n");
    text.append(spec.partitions == 1 ? "partitions = 1\n" : "").append("retention = '72h'\n");
  }
  if (!from.empty()) {
    EXPECT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
  }
  return ParseTopics(text).status();
}

TEST(ParseTopicsTest, AFileThatIsWrongIsRefused) {
  EXPECT_OK(ParseWith("", ""));
  const std::pair<const char*, const char*> wrong[] = {
      {"kawat.pages", "kawat.page"},                           // a topic that nobody knows
      {"kawat.pages", "kawat.links"},                          // twice
      {"retention = '72h'", "retention = '3 days'"},           // not a duration
      {"retention = '72h'", "retention = '1s'"},               // gone before it is read
      {"retention = '72h'", ""},                               // none
      {"partitions = 1\nretention", "retention"},              // sources with more than one partition
      {"kawat.links'", "kawat.links'\npartitions = 1"},        // links with one
      {"kawat.links'", "kawat.links'\nmax_record_bytes = 0"},  // no record fits
      {"kawat.links'", "kawat.links'\nmax_record_byte = 10"},  // a typing mistake
      {"embedded_partitions = 4\n", ""},                       // no default
      {"partitions = 16", "partitions = 0"},
  };
  for (const auto& [from, to] : wrong) {
    EXPECT_EQ(ParseWith(from, to).code(), absl::StatusCode::kInvalidArgument) << from << " -> " << to;
  }
}

}  // namespace
}  // namespace kawat::bus
