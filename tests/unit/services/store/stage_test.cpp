#include "services/store/stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/store/damage.h"
#include "tests/unit/services/store/store_world.h"

namespace kawat::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Totals SumOf(StoreWorld& world) {
  Totals sum;
  for (const ShardStats& stats : world.library().GetStats({}).value_or(std::vector<ShardStats>())) {
    sum.articles += stats.totals.articles;
    sum.revisions += stats.totals.revisions;
    sum.clusters += stats.totals.clusters;
    sum.newest_observed = std::max(sum.newest_observed, stats.totals.newest_observed);
  }
  return sum;
}

std::vector<std::string> Found(StoreWorld& world, const std::string& query) {
  return NamesOf(world.library().Search(query, {.after = absl::UnixEpoch()}, {}, {}));
}

TEST(StoreStageTest, CountsWhatItInserts) {
  StoreWorld world;
  world.SendOriginal(Article("antara", 10, "gempa"));
  world.Send(Article("antara", 30, "gempa lagi", 2));
  world.Send(Article("tempo", 20, "gempa"));
  world.Send(article::Membership{IdOf("tempo"), 1, IdOf("antara"), article::Relation::kCopy, IdOf("antara")});
  ASSERT_OK(world.Run());
  const Totals sum = SumOf(world);
  EXPECT_EQ(sum.articles, 2);
  EXPECT_EQ(sum.revisions, 3);
  EXPECT_EQ(sum.clusters, 1);
  EXPECT_EQ(sum.newest_observed, absl::FromUnixSeconds(30));
}

TEST(StoreStageTest, EqualAndOlderFactsChangeNothing) {
  StoreWorld world;
  for (const auto& [body, version] : {std::pair("baru", 5), std::pair("sama", 5), std::pair("lama", 4)}) {
    world.Send(Article("antara", 10, body), version);
    ASSERT_OK(world.Run());
  }
  ASSERT_OK_AND_ASSIGN(const FoundArticle found, world.library().Get(IdOf("antara"), {}));
  EXPECT_EQ(found.article.body, "baru");
  EXPECT_EQ(SumOf(world).revisions, 1);
}

TEST(StoreStageTest, ANewerFactReplacesTheRevisionAndItsWords) {
  StoreWorld world;
  world.Send(Article("antara", 10, "lama"));
  ASSERT_OK(world.Run());
  world.Send(Article("antara", 10, "baru"));
  ASSERT_OK(world.Run());
  EXPECT_THAT(Found(world, "lama"), IsEmpty());
  EXPECT_THAT(Found(world, "baru"), ElementsAre("antara"));
  EXPECT_EQ(SumOf(world).revisions, 1);
}

// As after compaction and a replay, which bring them in another order.
TEST(StoreStageTest, AnOlderRevisionThatComesLateMovesTheArticleWithItsWords) {
  StoreWorld in_order;
  StoreWorld turned;
  for (StoreWorld* world : {&in_order, &turned}) {
    world->SendOriginal(Article("tempo", 20, "gempa"));
    if (world == &in_order) {
      world->Send(Article("antara", 10, "gempa"), 100);
    }
    world->Send(Article("antara", 30, "gempa baru", 2), 101);
    ASSERT_OK(world->Run());
    if (world == &turned) {
      world->Send(Article("antara", 10, "gempa"), 100);
      ASSERT_OK(world->Run());
    }
    EXPECT_THAT(Found(*world, "gempa"), ElementsAre("tempo", "antara")) << "by when they were first observed";
    EXPECT_THAT(Found(*world, "baru"), ElementsAre("antara"));
  }
}

TEST(StoreStageTest, TheHighestMembershipHolds) {
  StoreWorld world;
  world.SendOriginal(Article("antara", 10, "gempa"));
  world.SendOriginal(Article("tempo", 20, "banjir"));
  world.Send(article::Membership{IdOf("tempo"), 2, IdOf("antara"), article::Relation::kCopy, IdOf("antara")});
  world.Send(article::Membership{IdOf("tempo"), 1, IdOf("tempo"), article::Relation::kOriginal, ""});
  ASSERT_OK(world.Run());
  ASSERT_OK_AND_ASSIGN(const Cluster cluster, world.library().GetCluster(IdOf("antara"), true, {}));
  ASSERT_THAT(cluster.articles, SizeIs(2));
  EXPECT_EQ(cluster.articles[1].article.original_id, IdOf("antara"));
  EXPECT_EQ(world.library().GetCluster(IdOf("tempo"), true, {}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(SumOf(world).clusters, 1);
}

TEST(StoreStageTest, ATakenDownArticleIsGoneAndStaysGone) {
  StoreWorld world;
  world.SendOriginal(Article("antara", 10, "gempa"));
  world.Send(Article("antara", 20, "gempa lagi", 2));
  ASSERT_OK(world.Run());
  world.Send(article::TakeDown{.article_id = IdOf("antara")});
  world.Send(Article("antara", 30, "gempa terus", 3));
  ASSERT_OK(world.Run());
  EXPECT_EQ(world.library().Get(IdOf("antara"), {}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(world.library().GetCluster(IdOf("antara"), true, {}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(Found(world, "gempa"), IsEmpty());
  EXPECT_THAT(NamesOf(world.library().List({}, {}, {})), IsEmpty());
  EXPECT_EQ(SumOf(world).articles, 0);
  EXPECT_EQ(SumOf(world).revisions, 0);
  for (const auto& state : world.states_) {
    for (const auto& [key, value] : state->Dump()) {
      EXPECT_EQ(value.find("gempa"), std::string::npos) << key;
    }
  }
}

TEST(StoreStageTest, AKeyThatIsNotItsFactsBecomesADeadLetter) {
  StoreWorld world;
  const article::ArticleEvent event{.version = {1, 1, 0}, .fact = Article("antara", 10, "gempa")};
  world.bus_.Append(
      {.topic = std::string(bus::kArticles), .partition = 0, .key = "a/other/1", .value = article::Encode(event)});
  world.bus_.Append({.topic = std::string(bus::kArticles), .partition = 0, .key = "a/other/2", .value = "\xFF"});
  ASSERT_OK(world.Run());
  EXPECT_THAT(world.bus_.Records(bus::kDeadLetters), SizeIs(2));
}

void SendStory(StoreWorld& world) {
  world.SendSource({.id = "antara", .name = "Antara", .group = "Media Indonesia"});
  world.SendOriginal(Article("antara", 10, "gempa"));
  world.SendOriginal(Article("tempo", 20, "banjir"));
  world.Send(Article("tempo", 30, "banjir lagi", 2));
  world.Send(article::UrlAlias{IdOf("tempo"), "https://tempo.example/amp"});
  world.SendOriginal(Article("kompas", 40, "harga"));
  world.Send(article::TakeDown{.article_id = IdOf("kompas")});
  world.Send(article::Membership{IdOf("antara"), 2, IdOf("tempo"), article::Relation::kCopy, IdOf("tempo")});
  world.SendSource({.id = "antara", .name = "Antara News", .group = "Media"});
}

std::vector<support::MemoryStore::Map> FactsOf(const StoreWorld& world) {
  std::vector<support::MemoryStore::Map> all;
  for (const auto& state : world.states_) {
    support::MemoryStore::Map facts = state->Dump();
    std::erase_if(facts, [](const auto& entry) { return entry.first.starts_with('\0'); });  // the runner's offsets
    all.push_back(std::move(facts));
  }
  return all;
}

TEST(StoreRecoveryTest, TheSameEventsAgainChangeNoAnswer) {
  StoreWorld world;
  SendStory(world);
  ASSERT_OK(world.Run());
  const Totals before = SumOf(world);
  const std::vector<std::string> names = Found(world, "banjir OR gempa OR harga");
  for (const bus::Record& record : world.bus_.Records(bus::kArticles)) {
    world.bus_.Append(record);
  }
  ASSERT_OK(world.Run());
  const Totals after = SumOf(world);
  EXPECT_EQ(after.articles, before.articles);
  EXPECT_EQ(after.revisions, before.revisions);
  EXPECT_EQ(after.clusters, before.clusters);
  EXPECT_EQ(Found(world, "banjir OR gempa OR harga"), names);
}

TEST(StoreRecoveryTest, DyingAtAnyCommitLeadsToTheSameStateAndIndex) {
  StoreWorld calm;
  SendStory(calm);
  ASSERT_OK(calm.Run());
  int deaths = 0;
  for (bool died = true; died;) {
    StoreWorld world;
    SendStory(world);
    world.faults_->FailCall(support::Call::kStoreCommit, deaths + 1);
    died = !world.Run(/*index=*/deaths % 2 == 0).ok();
    deaths += died ? 1 : 0;
    if (deaths % 3 == 1) {
      world.LoseIndexes();
    }
    ASSERT_OK(world.Run());
    EXPECT_EQ(FactsOf(world), FactsOf(calm));
    EXPECT_THAT(Found(world, "banjir OR gempa OR harga"), ElementsAre("tempo", "antara"));
    ASSERT_OK_AND_ASSIGN(const std::vector<ShardStats> shards, world.library().GetStats({}));
    for (const ShardStats& shard : shards) {
      EXPECT_EQ(shard.index_lag, 0);
    }
  }
  EXPECT_GT(deaths, 3) << "hardly a commit failed: this test proves nothing";
}

TEST(StoreRecoveryTest, AnIndexAheadOfItsStateIsBegunAnew) {
  StoreWorld world;
  world.SendOriginal(Article("antara", 10, "gempa"));
  for (const auto& index : world.indexes_) {
    ASSERT_OK(index->Update({}, {}, 1000));
  }
  ASSERT_OK(world.Run());
  EXPECT_THAT(Found(world, "gempa"), ElementsAre("antara"));
}

TEST(StoreRecoveryTest, ADamagedIndexIsBegunAnewWhileItRuns) {
  StoreWorld world;
  for (int i = 0; i < 1500; ++i) {
    world.SendOriginal(Article(absl::StrCat("s", i), i, absl::StrCat("gempa", i)));
  }
  ASSERT_OK(world.Run());
  world.indexes_.clear();
  for (int i = 0; i < kShards; ++i) {
    DamageTheMiddleOf(world.IndexPath(i));
  }
  world.OpenIndexes();
  for (int i = 0; i < 100; ++i) {
    world.Send(Article(absl::StrCat("s", i), i, absl::StrCat("banjir", i), 2));
  }
  ASSERT_OK(world.Run());
  EXPECT_THAT(Found(world, "banjir50"), ElementsAre("s50"));
  EXPECT_THAT(Found(world, "gempa1234"), ElementsAre("s1234"));
  EXPECT_THAT(Found(world, "gempa50"), IsEmpty());
}

}  // namespace
}  // namespace kawat::store
