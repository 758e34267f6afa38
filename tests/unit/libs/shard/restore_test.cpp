#include "shard/restore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/files.h"
#include "tests/unit/libs/shard/shard_folder.h"

namespace kawat::shard {
namespace {

using ::testing::HasSubstr;

// A shard with a backup "monday" of value "value", and "later" in the shard; closed.
class RestoreTest : public ::testing::Test {
 protected:
  RestoreTest() {
    EXPECT_OK(shard_.BackUp("monday"));
    shard_.Put("key", "later");
    shard_.store.reset();
  }
  std::filesystem::path from() const { return shard_.data() / "backups/monday"; }
  std::filesystem::path backup() const { return from() / "store/00"; }
  void Spoil(const std::string& file) const {
    ASSERT_OK_AND_ASSIGN(std::string bytes, base::ReadFile(backup() / file, 1 << 20));
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    ASSERT_OK(base::WriteFileAtomically(backup() / file, bytes));
  }
  std::string ATable() const {
    for (const auto& entry : std::filesystem::directory_iterator(backup())) {
      if (entry.path().extension() == ".sst") {
        return entry.path().filename();
      }
    }
    ADD_FAILURE() << "no table";
    return "";
  }
  ShardFolder shard_;
};

TEST_F(RestoreTest, PutsItInPlaceAndKeepsWhatWasThere) {
  ASSERT_OK_AND_ASSIGN(const Restored restored, Restore(from(), kShard, shard_.data(), /*replace=*/true));
  EXPECT_EQ(ValueIn(shard_.folder()), "value");
  EXPECT_EQ(ValueIn(restored.replaced), "later");
  EXPECT_TRUE(std::filesystem::exists(shard_.folder() / "index.sqlite"));
  EXPECT_FALSE(std::filesystem::exists(shard_.folder() / kManifestName));
  EXPECT_EQ(FindShards(shard_.data()).size(), 1U);
  shard_.Open();  // and it can be written again
  shard_.Put("key", "newest");
  EXPECT_EQ(ValueIn(backup()), "value") << "the backup shares no file with the shard";
}

TEST_F(RestoreTest, OnAnotherMachineItIsTheSame) {
  const support::TempFolder other;
  ASSERT_OK_AND_ASSIGN(const Restored restored, Restore(backup(), kShard, other.path() / "data", /*replace=*/false));
  EXPECT_EQ(ValueIn(kShard.FolderIn(other.path() / "data")), "value");
  EXPECT_EQ(restored.replaced, "");
}

TEST_F(RestoreTest, WhatIsThereIsNotReplacedUnasked) {
  EXPECT_EQ(Restore(from(), kShard, shard_.data(), false).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ValueIn(shard_.folder()), "later");
}

TEST_F(RestoreTest, AnotherShardsBackupIsRefused) {
  EXPECT_EQ(Restore(backup(), {.service = "store", .number = 1}, shard_.data(), true).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(RestoreTest, AFlippedBitInAnyFileIsFoundAndNothingChanged) {
  for (const std::string& file : {ATable(), std::string("CURRENT"), std::string("index.sqlite")}) {
    Spoil(file);
    const absl::Status status = Restore(from(), kShard, shard_.data(), true).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()), HasSubstr(file));
    EXPECT_EQ(ValueIn(shard_.folder()), "later");
    EXPECT_FALSE(std::filesystem::exists(shard_.folder().string() + ".restoring"));
    Spoil(file);  // and back
  }
  EXPECT_OK(Restore(from(), kShard, shard_.data(), true));
}

TEST_F(RestoreTest, AFileThatIsMissingOrALinkIsFound) {
  const std::string table = ATable();
  std::filesystem::rename(backup() / table, shard_.data() / "elsewhere");
  EXPECT_EQ(Restore(from(), kShard, shard_.data(), true).status().code(), absl::StatusCode::kDataLoss);
  std::filesystem::create_symlink(shard_.data() / "elsewhere", backup() / table);
  EXPECT_FALSE(Restore(from(), kShard, shard_.data(), true).ok());
  EXPECT_EQ(ValueIn(shard_.folder()), "later");
}

TEST_F(RestoreTest, WithoutAManifestItIsNoBackup) {
  std::filesystem::remove(backup() / kManifestName);
  EXPECT_EQ(Restore(from(), kShard, shard_.data(), true).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace kawat::shard
