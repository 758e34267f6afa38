#include "state/logical.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/memory_store.h"
#include "tests/support/status.h"

namespace kawat::state {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

void Put(support::MemoryStore& store, std::string_view key, std::string_view value) {
  std::unique_ptr<Txn> txn = store.Begin();
  txn->Put(key, value);
  ASSERT_OK(store.Commit(std::move(txn)));
}

absl::Status Line(std::string_view rest, std::string_view value, const LineVisitor& visit) {
  if (value == "damaged") {
    return absl::DataLossError("it does not decode");
  }
  visit(absl::StrCat("a ", Printable(rest), "=", Printable(value)));
  return absl::OkStatus();
}

const std::array kKinds = {LogicalKind{"a/", Line}};

TEST(LogicalTest, VisitsWhatItKnowsInKeyOrderAndShowsWhatItDoesNot) {
  support::MemoryStore store;
  Put(store, "a/2", "two words");
  Put(store, "a/1", "\n");
  Put(store, std::string_view("\0owner", 6), "store/0");
  Put(store, "b/1", "new");
  std::vector<std::string> lines;
  ASSERT_OK(VisitKinds(store, kKinds, [&](std::string line) { lines.push_back(std::move(line)); }));
  EXPECT_THAT(lines, ElementsAre("a 1=\\n", "a 2=two\\x20words", absl::StrCat("other b/1 ", Digest("new"))));
}

TEST(LogicalTest, NamesTheKeyThatDoesNotDecode) {
  support::MemoryStore store;
  Put(store, "a/7", "damaged");
  const absl::Status status = VisitKinds(store, kKinds, [](const std::string&) {});
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("a/7"));
}

TEST(LogicalTest, AFingerprintIsOfTheLinesAndWhereTheyEnd) {
  const auto of = [](const std::vector<std::string>& lines) {
    return FingerprintOf([&](const LineVisitor& visit) {
             for (const std::string& line : lines) {
               visit(line);
             }
             return absl::OkStatus();
           })
        .value_or("");
  };
  EXPECT_EQ(of({"a", "b"}), of({"a", "b"}));
  EXPECT_NE(of({"a", "b"}), of({"ab"}));
  EXPECT_NE(of({"a", "b"}), of({"b", "a"}));
  EXPECT_EQ(of({}).size(), 64U);
}

}  // namespace
}  // namespace kawat::state
