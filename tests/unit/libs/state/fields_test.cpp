#include "state/fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/status.h"

namespace kawat::state {
namespace {

enum class Colour : int { kRed = 1, kBlue = 200 };

struct Thing {
  bool good = false;
  Colour colour = Colour::kRed;
  std::int64_t number = 0;
  std::string text;
  std::vector<std::string> texts;
  absl::Time time;
  std::optional<absl::Time> no_time, some_time;
  std::vector<std::pair<int, std::string>> pairs;

  bool operator==(const Thing&) const = default;
};

template <class Fields, class Value>
void Visit(Value& thing, Fields& fields) {
  fields.Format(3).Number(thing.good).Number(thing.colour).Signed(thing.number).Text(thing.text).Texts(thing.texts);
  fields.Time(thing.time).OptionalTime(thing.no_time).OptionalTime(thing.some_time);
  fields.List(thing.pairs, [](auto& pair, Fields& each) { each.Signed(pair.first).Text(pair.second); });
}

Thing Example() {
  return {.good = true,
          .colour = Colour::kBlue,
          .number = INT64_MIN,
          .text = std::string("a\0b", 3),
          .texts = {"", "x"},
          .time = absl::InfinitePast(),
          .some_time = absl::FromUnixMicros(-1),
          .pairs = {{-1, "one"}, {2, ""}}};
}

std::string Bytes(const Thing& thing) {
  FieldWriter out;
  Visit(thing, out);
  return out.Take();
}

TEST(FieldsTest, WhatWasWrittenIsRead) {
  Thing read;
  const std::string bytes = Bytes(Example());
  FieldReader in(bytes);
  Visit(read, in);
  EXPECT_OK(in.Finish("a thing"));
  EXPECT_EQ(read, Example());
}

TEST(FieldsTest, BytesThatAreCutOrTooManyAreDataLoss) {
  const std::string bytes = Bytes(Example());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Thing read;
    FieldReader in(std::string_view(bytes).substr(0, size));
    Visit(read, in);
    EXPECT_EQ(in.Finish("a thing").code(), absl::StatusCode::kDataLoss) << size;
  }
  const std::string longer = bytes + '\0';
  Thing read;
  FieldReader in(longer);
  Visit(read, in);
  EXPECT_EQ(in.Finish("a thing").code(), absl::StatusCode::kDataLoss);
}

TEST(FieldsTest, AnotherFormatIsDataLoss) {
  FieldReader in(std::string_view("\x02"));
  in.Format(3);
  EXPECT_EQ(in.Finish("a thing").code(), absl::StatusCode::kDataLoss);
}

TEST(FieldsTest, AHugeCountEndsWithTheBytes) {
  const std::string bytes = FieldWriter().Number(UINT64_MAX).Take() + std::string(10, '\0');
  std::vector<std::string> texts;
  FieldReader in(bytes);
  in.Texts(texts);
  EXPECT_EQ(in.Finish("texts").code(), absl::StatusCode::kDataLoss);
  EXPECT_LE(texts.size(), 11U);
}

}  // namespace
}  // namespace kawat::state
