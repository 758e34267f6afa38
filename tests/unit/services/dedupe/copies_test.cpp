#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/services/dedupe/dedupe_world.h"

namespace kawat::dedupe {
namespace {

TEST(DedupeCopiesTest, CopiesJoinTheClusterOfTheOneDecidedFirst) {
  World world;
  world.Send(Article("antara", 5, "gempa"));
  world.Send(Article("tempo", 1, "gempa"));
  world.Send(Article("kompas", 9, "gempa"));
  ASSERT_OK(world.Run());
  for (const char* name : {"tempo", "kompas"}) {
    EXPECT_EQ(world.MembershipOf(name, 1),
              (article::Membership{IdOf(name), 1, IdOf("antara"), article::Relation::kCopy, IdOf("antara")}));
  }
}

TEST(DedupeCopiesTest, ALoneArticleMovesWhenItBecomesACopyAndItsOldBodyIsFree) {
  World world;
  world.Send(Article("antara", 1, "gempa"));
  world.Send(Article("tempo", 2, "banjir"));
  world.Send(Article("tempo", 3, "gempa"));
  world.Send(Article("kompas", 4, "banjir"));  // tempo's old body: its cluster has no members any more
  ASSERT_OK(world.Run());
  EXPECT_EQ(world.MembershipOf("tempo", 2).cluster_id, IdOf("antara"));
  EXPECT_EQ(world.MembershipOf("kompas", 1).cluster_id, IdOf("kompas"));
}

TEST(DedupeCopiesTest, AnEditTearsNoClusterApart) {
  World world;
  world.Send(Article("antara", 1, "gempa"));
  world.Send(Article("tempo", 2, "gempa"));
  world.Send(Article("kompas", 3, "banjir"));
  world.Send(Article("antara", 4, "banjir"));
  ASSERT_OK(world.Run());
  const auto facts = world.Facts();
  EXPECT_FALSE(facts.contains(article::MembershipKey(IdOf("antara"), 2)));
  EXPECT_TRUE(facts.contains(article::RevisionKey(IdOf("antara"), 2)));
}

TEST(DedupeCopiesTest, WhatIsTakenDownIsNoLongerTheOriginalOfNewCopies) {
  World world;
  world.Send(Article("antara", 1, "gempa"));
  world.Send(Article("tempo", 2, "gempa"));
  world.Send(article::TakeDown{.article_id = IdOf("antara")});
  world.Send(Article("kompas", 3, "gempa"));
  world.Send(Article("detik", 4, "gempa"));
  ASSERT_OK(world.Run());
  EXPECT_EQ(world.MembershipOf("kompas", 1),
            (article::Membership{IdOf("kompas"), 1, IdOf("kompas"), article::Relation::kOriginal, ""}));
  EXPECT_EQ(world.MembershipOf("detik", 1).original_id, IdOf("kompas"));
}

TEST(DedupeCopiesTest, TheWindowIsCountedInAppendTime) {
  World world;
  world.Send(Article("antara", 1, "gempa"));
  world.clock_.Advance(absl::Hours(72));
  world.Send(Article("tempo", 2, "gempa"));
  world.clock_.Advance(absl::Milliseconds(1));
  world.Send(Article("kompas", 3, "gempa"));
  world.Send(Article("detik", 4, "gempa"));
  ASSERT_OK(world.Run());
  EXPECT_EQ(world.MembershipOf("tempo", 1).cluster_id, IdOf("antara"));
  EXPECT_EQ(world.MembershipOf("kompas", 1).cluster_id, IdOf("kompas"));
  EXPECT_EQ(world.MembershipOf("detik", 1).cluster_id, IdOf("kompas"));
}

TEST(DedupeCopiesTest, TheWindowHoldsSoManyBodiesOldestOutFirst) {
  World world({.max_bodies = 2});
  for (const char* name : {"a1", "b1", "c1"}) {
    world.Send(Article(name, 1, name));
  }
  world.Send(Article("a2", 1, "b1"));
  world.Send(Article("b2", 1, "a1"));
  ASSERT_OK(world.Run());
  EXPECT_EQ(world.MembershipOf("a2", 1).cluster_id, IdOf("b1"));
  EXPECT_EQ(world.MembershipOf("b2", 1).cluster_id, IdOf("b2")) << "a1 was dropped";
  ASSERT_OK_AND_ASSIGN(const WindowFill fill, ReadWindowFill(world.store_));
  EXPECT_EQ(fill.bodies, 3) << "the last one is dropped with the next record";
  EXPECT_TRUE(fill.oldest.has_value());
  const auto state = world.store_.Dump();
  EXPECT_LE(std::count_if(state.begin(), state.end(), [](const auto& entry) { return entry.first.starts_with("b/"); }),
            3);
}

}  // namespace
}  // namespace kawat::dedupe
