#include "cli/sizing.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace kawat::cli {
namespace {

using ::testing::HasSubstr;

TopicSize Find(const Sizing& sizing, std::string_view topic) {
  const auto found = std::find_if(sizing.topics.begin(), sizing.topics.end(),
                                  [topic](const TopicSize& size) { return size.topic == topic; });
  EXPECT_NE(found, sizing.topics.end()) << topic;
  return found == sizing.topics.end() ? TopicSize() : *found;
}

TEST(SizingTest, ATopicHoldsItsRetentionAndTheSegmentThatIsWrittenTo) {
  const Sizing sizing = SizeOf(bus::Topics(16, 3), 100'000);
  const TopicSize pages = Find(sizing, bus::kPages);
  EXPECT_EQ(pages.records_per_day, 200'000);
  EXPECT_EQ(pages.replicas, 3);
  EXPECT_GE(pages.bytes, 7 * pages.bytes_per_day);
  EXPECT_LE(pages.bytes, 8 * pages.bytes_per_day);  // segments of a day
}

// 16 segments of 512 MiB are full long before their day is over.
TEST(SizingTest, SegmentsThatAreFullSoonerHoldLessBeyondTheRetention) {
  const TopicSize pages = Find(SizeOf(bus::Topics(16, 3), 10'000'000), bus::kPages);
  EXPECT_LE(pages.bytes - 7 * pages.bytes_per_day, std::int64_t{16} * (512 << 20) + 1000);
}

TEST(SizingTest, AllReplicasCount) {
  const Sizing one = SizeOf(bus::Topics(16, 1), 100'000);
  const Sizing three = SizeOf(bus::Topics(16, 3), 100'000);
  EXPECT_EQ(three.topic_bytes, 3 * one.topic_bytes);
  EXPECT_NEAR(static_cast<double>(three.page_cache_bytes), 3.0 * static_cast<double>(one.page_cache_bytes), 10);
}

TEST(SizingTest, EachTopicAndVolumeIsSaid) {
  const Sizing sizing = SizeOf(bus::Topics(16, 3), kDefaultArticlesPerDay);
  const std::string text = ToText(sizing);
  for (const bus::TopicSpec& spec : bus::Topics(16, 3)) {
    EXPECT_THAT(text, HasSubstr(spec.name));
  }
  ASSERT_EQ(sizing.volumes.size(), 3U);
  for (const VolumeSize& volume : sizing.volumes) {
    EXPECT_GT(volume.bytes_per_day, 0) << volume.volume;
    EXPECT_THAT(text, HasSubstr(volume.volume));
  }
  EXPECT_EQ(sizing.volumes.back().cache_bytes_at_most, std::int64_t{16} * (32 << 20));  // store: 16 folders
}

TEST(SizingTest, BytesHaveAUnit) {
  EXPECT_EQ(FormatBytes(0), "0 B");
  EXPECT_EQ(FormatBytes(1023), "1023 B");
  EXPECT_EQ(FormatBytes(1024), "1.0 KiB");
  EXPECT_EQ(FormatBytes(std::int64_t{3} << 40), "3.0 TiB");
}

}  // namespace
}  // namespace kawat::cli
