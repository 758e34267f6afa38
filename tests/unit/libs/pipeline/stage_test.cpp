#include "pipeline/stage.h"

#include <gtest/gtest.h>

#include "kawat/v1/dead_letter.pb.h"
#include "pipeline/dead_letter.h"

namespace kawat::pipeline {
namespace {

TEST(OutboxTest, EachOutputHasTheInputsPlaceAndItsOwnIndex) {
  Outbox out({.log_epoch = 2, .topic = "t", .partition = 3, .offset = 4, .index = 0}, 1);
  out.Send("a", "p", "k", "v");
  EXPECT_EQ(out.next_origin().index, 1);
  out.Send("b", "", "k", std::nullopt);
  ASSERT_EQ(out.records().size(), 2u);
  EXPECT_EQ(bus::FormatOrigin(out.records()[0].origin), "2/t/3/4/0");
  EXPECT_EQ(bus::FormatOrigin(out.records()[1].origin), "2/t/3/4/1");
  EXPECT_EQ(out.records()[0].partition_key, "p");
  EXPECT_EQ(out.records()[1].value, std::nullopt);
}

TEST(OutboxTest, AnOutputOfALocalEventHasNoOrigin) {
  Outbox out(bus::Origin(), 0);
  out.Send("a", "", "k", "v");
  out.Send("a", "", "k", "v");
  EXPECT_EQ(out.records()[1].origin, bus::Origin());
}

TEST(DeadLetterTest, AStatusCarriesItsReason) {
  EXPECT_EQ(DeadLetterReason(BadRecord(article::Reason::kBadEncoding, "x")), article::Reason::kBadEncoding);
  EXPECT_EQ(DeadLetterReason(absl::InvalidArgumentError("x")), article::Reason::kMalformedRecord);
}

TEST(DeadLetterTest, HoldsTheWholeOriginal) {
  bus::Record record;
  record.topic = "kawat.pages";
  record.partition = 2;
  record.offset = 17;
  record.key = std::string("\xff\0k", 3);
  record.value = std::string("\0\x80 bytes", 8);
  record.append_time = absl::FromUnixMillis(1234567);
  EXPECT_EQ(DeadLetterKey(record), "kawat.pages/2/17");
  v1::DeadLetter letter;
  ASSERT_TRUE(letter.ParseFromString(EncodeDeadLetter({.stage = "parse",
                                                       .reason = article::Reason::kBadEncoding,
                                                       .detail = "said \xff",
                                                       .record = record,
                                                       .log_epoch = 3},
                                                      true)));
  EXPECT_EQ(letter.stage(), "parse");
  EXPECT_EQ(letter.reason(), v1::REASON_BAD_ENCODING);
  EXPECT_EQ(letter.detail(), "said ?");
  EXPECT_EQ(letter.record().log_epoch(), 3u);
  EXPECT_EQ(letter.record().offset(), 17);
  EXPECT_EQ(letter.key(), record.key);
  EXPECT_EQ(letter.value(), record.value);
  EXPECT_EQ(letter.append_time().seconds(), 1234);
  EXPECT_EQ(letter.append_time().nanos(), 567000000);
}

}  // namespace
}  // namespace kawat::pipeline
