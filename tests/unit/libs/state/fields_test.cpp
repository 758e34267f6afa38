#include "state/fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_store.h"
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

constexpr auto kThingFields = [](auto& thing, auto& fields) {
  fields.Format(3).Number(thing.good).Number(thing.colour).Signed(thing.number).Text(thing.text).Texts(thing.texts);
  fields.Time(thing.time).OptionalTime(thing.no_time).OptionalTime(thing.some_time);
  fields.List(thing.pairs, [](auto& pair, auto& each) { each.Signed(pair.first).Text(pair.second); });
};

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

TEST(FieldsTest, WhatWasWrittenIsRead) {
  ASSERT_OK_AND_ASSIGN(const Thing read, FromBytes<Thing>(ToBytes(Example(), kThingFields), "a thing", kThingFields));
  EXPECT_EQ(read, Example());
}

TEST(FieldsTest, BytesThatAreCutOrTooManyAreDataLoss) {
  const auto code_of = [](std::string_view bytes) {
    return FromBytes<Thing>(bytes, "a thing", kThingFields).status().code();
  };
  const std::string bytes = ToBytes(Example(), kThingFields);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(code_of(std::string_view(bytes).substr(0, size)), absl::StatusCode::kDataLoss) << size;
  }
  EXPECT_EQ(code_of(bytes + '\0'), absl::StatusCode::kDataLoss);
}

TEST(FieldsTest, WhatIsAbsentIsNoDamage) {
  support::MemoryStore store;
  const auto read = [&] { return Read<Thing>(store, "key", "a thing", kThingFields); };
  ASSERT_OK_AND_ASSIGN(const std::optional<Thing> absent, read());
  EXPECT_FALSE(absent.has_value());
  for (const std::string& bytes : {ToBytes(Example(), kThingFields), std::string("x")}) {
    auto txn = store.Begin();
    txn->Put("key", bytes);
    ASSERT_OK(store.Commit(std::move(txn)));
    EXPECT_EQ(read().status().code(), bytes == "x" ? absl::StatusCode::kDataLoss : absl::StatusCode::kOk);
  }
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
