#include "bus/embedded/format.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "tests/support/status.h"

namespace kawat::bus::embedded {
namespace {

TopicInfo ExampleTopic() {
  return {7,
          {.name = "t",
           .partitions = 4,
           .replication = 1,
           .compacted = true,
           .retention = absl::Seconds(2),
           .max_record_bytes = 258,
           .max_unread_bytes = 3}};
}

Record ExampleRecord() {
  Record record;
  record.key = "key";
  record.value = "value";
  record.origin = {1, "o", 2, 3, 4};
  return record;
}

// The bytes are on people's disks: they do not change.
TEST(FormatTest, KeysAreAsWritten) {
  EXPECT_EQ(base::Hex(OffsetKey(kRecordKind, 7, 2, 0x0102)),
            "72"
            "00000007"
            "00000002"
            "0000000000000102");
  EXPECT_EQ(base::Hex(NamedKey(kGroupKind, 7, 2, "ab")),
            "67"
            "00000007"
            "00000002"
            "6162");
  EXPECT_EQ(base::Hex(PartitionKey(kStateKind, 7, 2)),
            "6d"
            "00000007"
            "00000002");
}

TEST(FormatTest, ValuesAreAsWritten) {
  EXPECT_EQ(base::Hex(EncodeTopic(ExampleTopic())),
            "0700000000000000"
            "0400000000000000"
            "0100000000000000"
            "0100000000000000"
            "d007000000000000"
            "0201000000000000"
            "0300000000000000");
  EXPECT_EQ(base::Hex(EncodeState({1, 2, 3, 4})),
            "0100000000000000"
            "0200000000000000"
            "0300000000000000"
            "0400000000000000");
  EXPECT_EQ(base::Hex(EncodeHeader({1, 2, "k"})),
            "0100000000000000"
            "0200000000000000"
            "6b");
  EXPECT_EQ(EncodeRecordHead(ExampleRecord(), 1), std::string("\x01\0\0\0\0\0\0\0"
                                                              "\x03\0\0\0\0\0\0\0"
                                                              "key"
                                                              "\x09\0\0\0\0\0\0\0"
                                                              "1/o/2/3/4"
                                                              "v",
                                                              37));
}

TEST(FormatTest, WhatIsEncodedIsDecoded) {
  ASSERT_OK_AND_ASSIGN(const TopicInfo topic, DecodeTopic("t", EncodeTopic(ExampleTopic())));
  EXPECT_EQ(topic.id, 7U);
  EXPECT_EQ(topic.spec, ExampleTopic().spec);
  TopicInfo forever = ExampleTopic();
  forever.spec.retention = absl::InfiniteDuration();
  ASSERT_OK_AND_ASSIGN(const TopicInfo decoded, DecodeTopic("t", EncodeTopic(forever)));
  EXPECT_EQ(decoded.spec, forever.spec);
  ASSERT_OK_AND_ASSIGN(Record record, DecodeRecord(EncodeRecordHead(ExampleRecord(), 5) + "value"));
  EXPECT_EQ(record.append_time, absl::FromUnixMillis(5));
  record.append_time = ExampleRecord().append_time;
  EXPECT_EQ(record, ExampleRecord());
  EXPECT_EQ(OffsetOf(OffsetKey(kHeaderKind, 1, 2, 1LL << 40)), 1LL << 40);
  EXPECT_EQ(NameOf(NamedKey(kGroupKind, 1, 2, "group")), "group");
}

TEST(FormatTest, KeysSortAsTheirOffsets) {
  EXPECT_LT(OffsetKey(kRecordKind, 1, 0, 255), OffsetKey(kRecordKind, 1, 0, 256));
  EXPECT_LT(OffsetKey(kRecordKind, 1, 0, 1LL << 40), PartitionKey(kRecordKind, 1, 1));
  EXPECT_LT(OffsetKey(kRecordKind, 1, 255, 1), OffsetKey(kRecordKind, 1, 256, 0));
}

TEST(FormatTest, WhatIsCutShortIsDataLoss) {
  const std::string topic = EncodeTopic(ExampleTopic());
  for (std::size_t size = 0; size < topic.size(); ++size) {
    EXPECT_EQ(DecodeTopic("t", topic.substr(0, size)).status().code(), absl::StatusCode::kDataLoss) << size;
  }
  const std::string record = EncodeRecordHead(ExampleRecord(), 5);
  for (std::size_t size = 0; size < record.size(); ++size) {
    EXPECT_EQ(DecodeRecord(record.substr(0, size)).status().code(), absl::StatusCode::kDataLoss) << size;
  }
  EXPECT_EQ(DecodeState("short").status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(DecodeHeader("short").status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(DecodeNumber("123456789").status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace kawat::bus::embedded
