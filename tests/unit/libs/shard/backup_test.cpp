#include "shard/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "shard/restore.h"
#include "tests/unit/libs/shard/shard_folder.h"

namespace kawat::shard {
namespace {

TEST(BackupTest, IsTheShardOfThatMomentWithWhatLiesBeside) {
  ShardFolder shard;
  ASSERT_OK_AND_ASSIGN(const Backup backup, shard.BackUp("monday"));
  shard.Put("key", "later");
  EXPECT_EQ(backup.folder, shard.data() / "backups/monday/store/00");
  EXPECT_EQ(ValueIn(backup.folder), "value");
  EXPECT_TRUE(std::filesystem::exists(backup.folder / "index.sqlite"));
  ASSERT_OK_AND_ASSIGN(const Manifest manifest, ReadManifest(backup.folder));
  EXPECT_EQ(manifest.summary.owner, "store/0");
  EXPECT_EQ(manifest.files, backup.manifest.files);
  EXPECT_OK(CheckFiles(backup.folder, manifest.files));
}

TEST(BackupTest, OneThatIsThereIsLeftAlone) {
  ShardFolder shard;
  ASSERT_OK_AND_ASSIGN(const Backup backup, shard.BackUp("monday"));
  shard.Put("key", "later");
  EXPECT_EQ(shard.BackUp("monday").status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ValueIn(backup.folder), "value");
}

TEST(BackupTest, WhatAProcessLeftThatWasKilledAtItIsNoBackup) {
  ShardFolder shard;
  for (const char* left : {"00.making", "00.making.tmp", "00.making.beside"}) {
    const std::filesystem::path folder = shard.data() / "backups/monday/store" / left;
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "index.sqlite") << "half";
  }
  EXPECT_EQ(FindShards(shard.data() / "backups/monday").size(), 0U);
  EXPECT_OK(shard.BackUp("monday"));
  EXPECT_EQ(ValueIn(shard.data() / "backups/monday/store/00"), "value");
}

TEST(BackupTest, ANameOutOfTheFolderIsRefused) {
  ShardFolder shard;
  for (const std::string& name : {std::string("../x"), std::string("/tmp/x"), std::string("a/b"), std::string(".."),
                                  std::string(""), std::string(".x"), std::string("a\0b", 3), std::string(65, 'a')}) {
    EXPECT_EQ(shard.BackUp(name).status().code(), absl::StatusCode::kInvalidArgument) << name;
  }
  EXPECT_OK(shard.BackUp(std::string(64, 'a')));
}

TEST(BackupTest, AShardThatIsNotOpenHereIsNotFound) {
  ShardFolder shard;
  Backups backups(shard.data());
  EXPECT_EQ(backups.Make("store/01", "monday").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(backups.Make("store/../..", "monday").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(BackupTest, WhenNobodyWaitsNothingIsLeft) {
  ShardFolder shard;
  Backups backups(shard.data());
  backups.Add({.name = kShard, .store = shard.store.get()});
  EXPECT_EQ(backups.Make("store/00", "monday", [] { return true; }).status().code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(std::filesystem::is_empty(shard.data() / "backups/monday/store"));
}

TEST(BackupTest, ADiskWithoutRoomIsSaidBeforeAnythingIsWritten) {
  const support::TempFolder folder;
  EXPECT_OK(CheckRoom(folder.path(), 0));
  EXPECT_EQ(CheckRoom(folder.path(), std::uint64_t{1} << 60).code(), absl::StatusCode::kResourceExhausted);
}

TEST(BackupTest, OneAtATime) {
  ShardFolder shard;
  Backups backups(shard.data());
  absl::Status second;
  backups.Add({.name = kShard, .store = shard.store.get(), .copy_beside = [&](const std::filesystem::path&) {
                 std::thread([&] { second = backups.Make("store/00", "tuesday").status(); }).join();
                 return absl::OkStatus();
               }});
  ASSERT_OK(backups.Make("store/00", "monday"));
  EXPECT_EQ(second.code(), absl::StatusCode::kAborted);
}

}  // namespace
}  // namespace kawat::shard
