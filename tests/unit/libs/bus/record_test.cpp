#include "bus/record.h"

#include <gtest/gtest.h>

#include <limits>

namespace kawat::bus {
namespace {

Record Example() {
  Record record;
  record.topic = "kawat.articles";
  record.key = "key";
  record.value = "value";
  record.origin = {1, "kawat.parsed", 0, 4711, 2};
  return record;
}

TEST(OriginTest, IsWrittenAsPublished) {
  EXPECT_EQ(FormatOrigin({1, "kawat.parsed", 0, 4711, 2}), "1/kawat.parsed/0/4711/2");
}

TEST(OriginTest, IsReadBack) {
  for (const Origin& origin : {Origin{1, "kawat.parsed", 0, 4711, 2}, Origin{7, "kawat.pages", -1, -1, 0},
                               Origin{4294967295U, "t", 2147483647, std::numeric_limits<std::int64_t>::max(), 9}}) {
    EXPECT_EQ(ParseOrigin(FormatOrigin(origin)), origin);
  }
}

TEST(OriginTest, AnythingElseIsNoOrigin) {
  for (const std::string_view text : {"", "/", "1/t/0/1", "1/t/0/1/2/3", "1//0/1/2", "x/t/0/1/2", "1/t/0/1/2 ",
                                      "-1/t/0/1/2", "1/t/0/99999999999999999999/2", "1/t/0//2", "1/t/0/1/"}) {
    EXPECT_EQ(ParseOrigin(text), Origin()) << text;
  }
}

TEST(ChecksumTest, EachPartOfTheContentCounts) {
  const std::uint64_t checksum = Checksum(Example());
  Record other = Example();
  other.key = "kez";
  EXPECT_NE(Checksum(other), checksum);
  other = Example();
  other.value = "valuf";
  EXPECT_NE(Checksum(other), checksum);
  other.value = std::nullopt;
  const std::uint64_t tombstone = Checksum(other);
  EXPECT_NE(tombstone, checksum);
  other.value = "";
  EXPECT_NE(Checksum(other), tombstone);
  other = Example();
  other.origin.index = 3;
  EXPECT_NE(Checksum(other), checksum);
}

TEST(ChecksumTest, WhereTheRecordLiesDoesNotCount) {
  Record moved = Example();
  moved.topic = "another";
  moved.partition = 3;
  moved.offset = 99;
  moved.append_time = absl::FromUnixSeconds(5);
  EXPECT_EQ(Checksum(moved), Checksum(Example()));
}

TEST(PartitionTest, OfAKeyNeverChanges) {
  // Written down: a change would send a host's links to another shard than its state.
  EXPECT_EQ(PartitionOf("example.com", 4), 3);
  EXPECT_EQ(PartitionOf("example.com", 16), 3);
  EXPECT_EQ(PartitionOf("", 16), 2);
  EXPECT_EQ(PartitionOf("anything", 1), 0);
}

TEST(SizeTest, CountsKeyValueAndOrigin) {
  Record record;
  const std::size_t empty = SizeBytes(record);
  record.key = "12345";
  record.value = std::string(1000, 'x');
  EXPECT_EQ(SizeBytes(record), empty + 1005);
  record.origin = {1, "kawat.parsed", 0, 4711, 2};
  EXPECT_GE(SizeBytes(record), empty + 1005 + FormatOrigin(record.origin).size());
}

}  // namespace
}  // namespace kawat::bus
