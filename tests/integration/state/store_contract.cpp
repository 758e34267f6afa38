#include "tests/integration/state/store_contract.h"

#include <gmock/gmock.h>

#include <random>
#include <vector>

#include "tests/support/status.h"

namespace kawat::state {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

std::map<std::string, std::string> All(const Reader& reader) {
  std::map<std::string, std::string> all;
  EXPECT_OK(reader.Scan("", "", [&](std::string_view key, std::string_view value) {
    EXPECT_TRUE(all.emplace(key, value).second) << "visited twice";
    return true;
  }));
  return all;
}

void StoreContract::Put(const std::map<std::string, std::string>& entries) {
  auto txn = store().Begin();
  for (const auto& [key, value] : entries) {
    txn->Put(key, value);
  }
  ASSERT_OK(store().Commit(std::move(txn)));
}

namespace {

std::vector<std::string> Keys(const Reader& reader, std::string_view prefix, std::string_view from) {
  std::vector<std::string> keys;
  EXPECT_OK(reader.Scan(prefix, from, [&](std::string_view key, std::string_view /*value*/) {
    keys.emplace_back(key);
    return true;
  }));
  return keys;
}

std::optional<std::string> GetOrFail(const Reader& reader, std::string_view key) {
  auto value = reader.Get(key);
  EXPECT_OK(value);
  return value.ok() ? *value : std::nullopt;
}

TEST_P(StoreContract, BeginsEmpty) {
  EXPECT_THAT(All(store()), IsEmpty());
  EXPECT_EQ(GetOrFail(store(), "absent"), std::nullopt);
}

TEST_P(StoreContract, WhatWasCommittedIsReadBack) {
  Put({{"a", "1"}, {"b", ""}});
  EXPECT_EQ(GetOrFail(store(), "a"), "1");
  EXPECT_EQ(GetOrFail(store(), "b"), "");
}

TEST_P(StoreContract, KeysAndValuesMayHoldAnyByte) {
  const std::string key("\0\xff/", 3);
  const std::string value("\n\0\x80", 3);
  Put({{key, value}});
  EXPECT_EQ(GetOrFail(store(), key), value);
}

TEST_P(StoreContract, AnUncommittedChangeIsSeenByItsTransactionOnly) {
  Put({{"kept", "old"}, {"gone", "old"}});
  auto txn = store().Begin();
  txn->Put("kept", "new");
  txn->Delete("gone");
  txn->Put("made", "new");
  EXPECT_THAT(All(*txn), ElementsAre(Pair("kept", "new"), Pair("made", "new")));
  EXPECT_EQ(GetOrFail(*txn, "kept"), "new");
  EXPECT_EQ(GetOrFail(*txn, "gone"), std::nullopt);
  EXPECT_THAT(All(store()), ElementsAre(Pair("gone", "old"), Pair("kept", "old")));
}

TEST_P(StoreContract, ATransactionThatIsDroppedChangesNothing) {
  {
    auto txn = store().Begin();
    txn->Put("a", "1");
  }
  EXPECT_THAT(All(store()), IsEmpty());
}

TEST_P(StoreContract, TheLastOfSeveralChangesOfAKeyCounts) {
  Put({{"twice", "0"}, {"away", "0"}});
  auto txn = store().Begin();
  txn->Put("twice", "1");
  txn->Put("twice", "2");
  txn->Put("away", "1");
  txn->Delete("away");
  txn->Delete("back");
  txn->Put("back", "3");
  ASSERT_OK(store().Commit(std::move(txn)));
  EXPECT_THAT(All(store()), ElementsAre(Pair("back", "3"), Pair("twice", "2")));
}

TEST_P(StoreContract, AScanVisitsAPrefixInByteOrder) {
  Put({{"a", ""}, {"b/1", ""}, {"b/10", ""}, {"b/2", ""}, {"b/\xff", ""}, {"b0", ""}, {"c", ""}});
  EXPECT_THAT(Keys(store(), "b/", ""), ElementsAre("b/1", "b/10", "b/2", "b/\xff"));
  EXPECT_THAT(Keys(store(), "b/", "b/10"), ElementsAre("b/10", "b/2", "b/\xff"));
  EXPECT_THAT(Keys(store(), "b/", "a"), ElementsAre("b/1", "b/10", "b/2", "b/\xff"));
  EXPECT_THAT(Keys(store(), "b/", "b0"), IsEmpty());
  EXPECT_THAT(Keys(*store().Begin(), "b/", "b/10"), ElementsAre("b/10", "b/2", "b/\xff"));
}

TEST_P(StoreContract, AScanOfAPrefixOfHighestBytesEnds) {
  Put({{"\xff", ""}, {"\xff\xff", ""}, {"\xff\xff\x01", ""}});
  EXPECT_THAT(Keys(store(), "\xff\xff", ""), ElementsAre("\xff\xff", "\xff\xff\x01"));
}

TEST_P(StoreContract, AScanStopsWhenTheVisitorSaysSo) {
  Put({{"a", ""}, {"b", ""}, {"c", ""}});
  int visited = 0;
  ASSERT_OK(store().Scan("", "", [&](std::string_view, std::string_view) { return ++visited < 2; }));
  EXPECT_EQ(visited, 2);
}

TEST_P(StoreContract, ATransactionsScanStopsAtItsPrefix) {
  Put({{"a/1", ""}, {"b/1", ""}});
  auto txn = store().Begin();
  txn->Put("a/2", "");
  txn->Put("b/0", "");
  txn->Delete("a/1");
  EXPECT_THAT(Keys(*txn, "a/", ""), ElementsAre("a/2"));
}

TEST_P(StoreContract, RollBackReturnsToTheSavePoint) {
  Put({{"a", "0"}});
  auto txn = store().Begin();
  txn->Put("b", "1");
  txn->SetSavePoint();
  txn->Put("a", "2");
  txn->Delete("b");
  txn->Put("c", "2");
  txn->RollBack();
  EXPECT_THAT(All(*txn), ElementsAre(Pair("a", "0"), Pair("b", "1")));
  txn->Put("d", "3");
  txn->RollBack();  // the mark is still there
  ASSERT_OK(store().Commit(std::move(txn)));
  EXPECT_THAT(All(store()), ElementsAre(Pair("a", "0"), Pair("b", "1")));
}

TEST_P(StoreContract, ALaterSavePointReplacesTheEarlier) {
  auto txn = store().Begin();
  txn->Put("a", "1");
  txn->SetSavePoint();
  txn->Put("b", "2");
  txn->SetSavePoint();
  txn->Put("c", "3");
  txn->RollBack();
  txn->RollBack();
  EXPECT_THAT(All(*txn), ElementsAre(Pair("a", "1"), Pair("b", "2")));
}

TEST_P(StoreContract, WithoutASavePointRollBackReturnsToTheBeginning) {
  Put({{"a", "0"}});
  auto txn = store().Begin();
  txn->Put("a", "1");
  txn->RollBack();
  EXPECT_THAT(All(*txn), ElementsAre(Pair("a", "0")));
}

TEST_P(StoreContract, AScanDoesNotSeeCommitsDuringIt) {
  Put({{"a", "1"}, {"c", "1"}});
  std::vector<std::string> seen;
  ASSERT_OK(store().Scan("", "", [&](std::string_view key, std::string_view value) {
    seen.push_back(std::string(key) + std::string(value));
    Put({{"b", "2"}, {"c", "2"}});
    return true;
  }));
  EXPECT_THAT(seen, ElementsAre("a1", "c1"));
}

TEST_P(StoreContract, WhatWasCommittedIsThereAfterReopening) {
  Put({{"a", "1"}, {"b", "2"}});
  auto txn = store().Begin();
  txn->Delete("a");
  ASSERT_OK(store().Commit(std::move(txn)));
  Reopen();
  EXPECT_THAT(All(store()), ElementsAre(Pair("b", "2")));
}

TEST_P(StoreContract, AnEmptyTransactionCommits) {
  ASSERT_OK(store().Commit(store().Begin()));
  EXPECT_THAT(All(store()), IsEmpty());
}

// Random changes, roll backs, drops and reopenings against a plain map.
TEST_P(StoreContract, BehavesLikeAMapUnderRandomChanges) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto below = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
  std::map<std::string, std::string> model;
  for (int commit = 0; commit < 60; ++commit) {
    auto txn = store().Begin();
    auto changed = model;
    auto saved = changed;
    for (unsigned i = below(20); i > 0; --i) {
      const std::string key = "k" + std::to_string(below(30));
      switch (below(8)) {
        case 0:
        case 1:
          txn->Delete(key);
          changed.erase(key);
          break;
        case 2:
          txn->SetSavePoint();
          saved = changed;
          break;
        case 3:
          txn->RollBack();
          changed = saved;
          break;
        default:
          txn->Put(key, std::to_string(commit));
          changed[key] = std::to_string(commit);
      }
    }
    ASSERT_EQ(All(*txn), changed);
    ASSERT_EQ(All(store()), model);
    if (below(4) > 0) {
      ASSERT_OK(store().Commit(std::move(txn)));
      model = changed;
    }
    txn.reset();
    if (below(10) == 0) {
      Reopen();
    }
    ASSERT_EQ(All(store()), model);
  }
}

}  // namespace
}  // namespace kawat::state
