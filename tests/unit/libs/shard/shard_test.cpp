#include "shard/shard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_store.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"

namespace kawat::shard {
namespace {

using ::testing::ElementsAre;

TEST(ShardNameTest, IsItsFolder) {
  for (const char* text : {"store/07", "store/7", "store/007"}) {
    ASSERT_OK_AND_ASSIGN(const Name name, ParseName(text));
    EXPECT_EQ(name.Text(), "store/07");
  }
  ASSERT_OK_AND_ASSIGN(const Name large, ParseName("fetch/123"));
  EXPECT_EQ(large.FolderIn("data"), std::filesystem::path("data/fetch/123"));
}

TEST(ShardNameTest, WhatLeadsElsewhereIsNone) {
  for (const char* text : {"", "store", "store/", "/0", "parse/00", "log/00", "../store/00", "store/../00",
                           "store/00/..", "store/-1", "store/+1", "store/ 1", "store/1234567", "store/00.making"}) {
    EXPECT_EQ(ParseName(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(ShardNameTest, FindsFoldersWithANumberAndNothingElse) {
  const support::TempFolder data;
  for (const char* folder : {"store/01", "store/00", "store/00.replaced-20260101T000000Z", "store/02.making",
                             "fetch/10", "log/00", "backups/monday/store/05"}) {
    std::filesystem::create_directories(data.path() / folder);
  }
  std::vector<std::string> found;
  for (const Name& name : FindShards(data.path())) {
    found.push_back(name.Text());
  }
  EXPECT_THAT(found, ElementsAre("fetch/10", "store/00", "store/01"));
}

TEST(ShardSummaryTest, SaysWhoseAndHowFar) {
  support::MemoryStore store;
  std::unique_ptr<state::Txn> txn = store.Begin();
  txn->Put(pipeline::OwnerKey(), "store/7");
  const pipeline::Cursor cursor{.log_epoch = 2, .next = 4711, .has_record = true, .append_time_ms = 5};
  txn->Put(pipeline::CursorKey({"kawat.articles", 7}), pipeline::EncodeCursor(cursor));
  ASSERT_OK(store.Commit(std::move(txn)));
  ASSERT_OK_AND_ASSIGN(const Summary summary, Summarize(store));
  EXPECT_EQ(summary.owner, "store/7");
  ASSERT_EQ(summary.positions.size(), 1U);
  EXPECT_EQ(summary.positions[0].topic, "kawat.articles");
  EXPECT_EQ(summary.positions[0].partition, 7);
  EXPECT_EQ(summary.positions[0].cursor, cursor);
}

TEST(ShardSummaryTest, ADamagedOffsetIsDataLoss) {
  support::MemoryStore store;
  std::unique_ptr<state::Txn> txn = store.Begin();
  txn->Put(pipeline::CursorKey({"kawat.articles", 7}), "v1 garbage");
  ASSERT_OK(store.Commit(std::move(txn)));
  EXPECT_EQ(Summarize(store).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace kawat::shard
