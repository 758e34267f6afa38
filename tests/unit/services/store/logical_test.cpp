#include "services/store/logical.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "services/store/shard_state.h"
#include "tests/unit/services/store/store_world.h"

namespace kawat::store {
namespace {

using ::testing::Not;
using ::testing::StartsWith;

// All kinds of facts: revisions, memberships, a copy, an alias, a take-down, a removed source.
void Fill(StoreWorld& world, int times = 1) {
  for (int i = 0; i < times; ++i) {
    world.parsed_ = 0;
    world.SendSource({.id = "antara", .name = "Antara", .group = "Media"});
    world.SendSource({.id = "tempo", .name = "Tempo", .group = "Media"});
    world.SendOriginal(Article("antara", 10, "gempa"));
    world.Send(Article("antara", 30, "gempa lagi", 2));
    world.Send(Article("tempo", 20, "gempa"));
    world.Send(article::Membership{IdOf("tempo"), 1, IdOf("antara"), article::Relation::kCopy, IdOf("antara")});
    world.Send(article::UrlAlias{IdOf("tempo"), "https://tempo.example/amp/news"});
    world.SendOriginal(Article("kompas", 40, "banjir"));
    world.Send(article::TakeDown{IdOf("kompas"), "asked for"});
  }
}

std::vector<std::string> LinesOf(const StoreWorld& world) {
  std::vector<std::string> lines;
  for (const auto& state : world.states_) {
    EXPECT_OK(VisitLogical(*state, [&](std::string line) { lines.push_back(std::move(line)); }));
  }
  return lines;
}

std::vector<std::string> FingerprintsOf(const StoreWorld& world) {
  std::vector<std::string> all;
  for (const auto& state : world.states_) {
    all.push_back(LogicalFingerprint(*state).value_or("damaged"));
  }
  return all;
}

TEST(StoreLogicalTest, KnowsAllThatTheStoreKeeps) {
  StoreWorld world;
  Fill(world);
  world.RemoveSource("tempo");
  ASSERT_OK(world.Run());
  std::set<std::string> kinds;
  for (const std::string& line : LinesOf(world)) {
    EXPECT_THAT(line, Not(StartsWith("other ")));
    kinds.insert(line.substr(0, line.find(' ')));
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"alias", "article", "member", "revision", "source", "totals"}));
}

TEST(StoreLogicalTest, FactsThatWereSentTwiceAreTheSameFacts) {
  StoreWorld once;
  Fill(once);
  ASSERT_OK(once.Run());
  StoreWorld thrice;
  Fill(thrice, 3);
  ASSERT_OK(thrice.Run());
  EXPECT_NE(once.states_.front()->Dump(), thrice.states_.front()->Dump()) << "this test proves nothing";
  EXPECT_EQ(LinesOf(once), LinesOf(thrice));
  EXPECT_EQ(FingerprintsOf(once), FingerprintsOf(thrice));
}

// What a compacted log still has: of each key the last record, in the order of their offsets.
TEST(StoreLogicalTest, AShardRebuiltFromACompactedLogHasTheSameFacts) {
  StoreWorld world;
  Fill(world, 2);
  ASSERT_OK(world.Run());
  StoreWorld rebuilt;
  for (const auto topic : {bus::kSources, bus::kArticles}) {
    const std::vector<bus::Record> records = world.bus_.Records(topic);
    for (const bus::Record& record : records) {
      if (world.bus_.NewestByKey(topic).at(record.key).offset == record.offset) {
        rebuilt.bus_.Append(record);
      }
    }
  }
  ASSERT_OK(rebuilt.Run());
  EXPECT_EQ(LinesOf(rebuilt), LinesOf(world));
}

TEST(StoreLogicalTest, AnotherTextIsAnotherFact) {
  StoreWorld world;
  world.SendOriginal(Article("antara", 10, "gempa"));
  StoreWorld other;
  other.SendOriginal(Article("antara", 10, "gempa."));
  ASSERT_OK(world.Run());
  ASSERT_OK(other.Run());
  EXPECT_NE(FingerprintsOf(world), FingerprintsOf(other));
}

TEST(StoreLogicalTest, ADamagedValueIsDataLoss) {
  StoreWorld world;
  world.SendOriginal(Article("antara", 10, "gempa"));
  ASSERT_OK(world.Run());
  const auto shard = static_cast<std::size_t>(bus::PartitionOf(IdOf("antara"), kShards));
  std::unique_ptr<state::Txn> txn = world.states_[shard]->Begin();
  txn->Put(HeadKey(IdOf("antara")), "\x01");
  ASSERT_OK(world.states_[shard]->Commit(std::move(txn)));
  EXPECT_EQ(LogicalFingerprint(*world.states_[shard]).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace kawat::store
