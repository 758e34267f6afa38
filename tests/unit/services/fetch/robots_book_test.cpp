#include "services/fetch/robots_book.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "tests/support/memory_store.h"
#include "tests/support/status.h"

namespace kawat::fetch {
namespace {

constexpr std::size_t kMaxBytes = 64 << 10;
const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

std::string Origin(int i) { return absl::StrCat("https://h", i, ".example"); }

void Put(RobotsBook& book, state::Store& store, const std::string& origin, absl::Time expires) {
  std::string text = "User-agent: other\nDisallow: /\n\nUser-agent: *\n";
  for (int i = 0; i < 200; ++i) {
    absl::StrAppend(&text, "Disallow: /", origin.substr(8), "/", i, "\n");
  }
  std::unique_ptr<state::Txn> txn = store.Begin();
  book.Put(*txn, origin, {.status = 200, .text = text, .expires = expires});
  KAWAT_CHECK(store.Commit(std::move(txn)).ok(), "commit");
}

TEST(RobotsBookTest, HoldsFewRulesInMemoryAndJudgesByAll) {
  support::MemoryStore store;
  RobotsBook book(kMaxBytes);
  for (int i = 0; i < 100; ++i) {
    Put(book, store, Origin(i), kNow);
  }
  RobotsBook again(kMaxBytes);
  ASSERT_OK(store.Scan(kRobotsPrefix, kRobotsPrefix, [&](std::string_view key, std::string_view value) {
    EXPECT_EQ(value.find("other"), std::string_view::npos) << "rules of others are kept";
    EXPECT_OK(again.Load(key.substr(kRobotsPrefix.size()), value));
    return true;
  }));
  for (RobotsBook* each : {&book, &again}) {
    for (int i = 0; i < 100; ++i) {
      ASSERT_OK_AND_ASSIGN(const bool forbidden, each->Allows(store, Origin(i), absl::StrCat("/h", i, ".example/7")));
      ASSERT_OK_AND_ASSIGN(const bool allowed, each->Allows(store, Origin(i), "/story"));
      EXPECT_FALSE(forbidden) << i;
      EXPECT_TRUE(allowed) << i;
      EXPECT_LE(each->rules_bytes(), kMaxBytes);
    }
  }
}

TEST(RobotsBookTest, RulesTooManyForItsMemoryAreJudgedByAllTheSame) {
  support::MemoryStore store;
  RobotsBook book(1);
  Put(book, store, Origin(1), kNow);
  Put(book, store, Origin(2), kNow);
  ASSERT_OK_AND_ASSIGN(const bool allowed, book.Allows(store, Origin(1), "/h1.example/7"));
  EXPECT_FALSE(allowed);
}

TEST(RobotsBookTest, DeletesWhatExpiredALifetimeAgo) {
  support::MemoryStore store;
  RobotsBook book(kMaxBytes);
  Put(book, store, Origin(1), kNow);
  Put(book, store, Origin(2), kNow + absl::Hours(1));
  Put(book, store, Origin(1), kNow + absl::Hours(2));  // asked again
  Put(book, store, Origin(3), kNow);
  std::unique_ptr<state::Txn> txn = store.Begin();
  book.DropOld(*txn, kNow + absl::Hours(1) + kRobotsLifetime);
  ASSERT_OK(store.Commit(std::move(txn)));
  EXPECT_NE(book.Find(Origin(1)), nullptr);
  EXPECT_EQ(book.Find(Origin(2)), nullptr);
  EXPECT_EQ(book.Find(Origin(3)), nullptr);
  EXPECT_EQ(store.Dump().size(), 1u);
}

}  // namespace
}  // namespace kawat::fetch
