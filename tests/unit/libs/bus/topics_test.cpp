#include "bus/topics.h"

#include <gtest/gtest.h>

#include <set>

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

}  // namespace
}  // namespace kawat::bus
