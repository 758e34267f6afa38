#include "pipeline/cursor.h"

#include <gtest/gtest.h>

#include "tests/support/status.h"

namespace kawat::pipeline {
namespace {

TEST(CursorTest, EncodingIsAsItWasFromTheFirstVersion) {
  const Cursor cursor{.log_epoch = 2,
                      .next = 4711,
                      .has_record = true,
                      .append_time_ms = 1767225600123,
                      .checksum = 18446744073709551615u,
                      .time_ms = 1767225600124};
  EXPECT_EQ(EncodeCursor(cursor), "v1 2 4711 1 1767225600123 18446744073709551615 1767225600124");
  ASSERT_OK_AND_ASSIGN(const Cursor decoded, DecodeCursor(EncodeCursor(cursor)));
  EXPECT_EQ(decoded, cursor);
  EXPECT_EQ(CursorKey({"kawat.parsed", 0}), std::string("\0cursor/kawat.parsed/0", 22));
}

TEST(CursorTest, WhatIsNoCursorIsDataLoss) {
  for (const char* text : {"", "v1", "v2 1 2 1 3 4 5", "v1 1 -2 1 3 4 5", "v1 1 2 1 3 4 5 6", "v1 1 x 1 3 4 5"}) {
    EXPECT_EQ(DecodeCursor(text).status().code(), absl::StatusCode::kDataLoss) << text;
  }
}

TEST(CursorTest, TimeNeverGoesBack) {
  bus::Record record;
  record.offset = 5;
  record.append_time = absl::FromUnixMillis(100);
  Cursor cursor = Advance(Cursor{}, record);
  record.offset = 9;
  record.append_time = absl::FromUnixMillis(40);
  cursor = Advance(cursor, record);
  EXPECT_EQ(cursor.next, 10);
  EXPECT_EQ(cursor.append_time_ms, 40);
  EXPECT_EQ(cursor.time_ms, 100);
}

}  // namespace
}  // namespace kawat::pipeline
