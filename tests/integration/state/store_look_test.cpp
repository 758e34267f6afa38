// A look at a RocksDB folder from beside it.
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "base/files.h"
#include "state/rocksdb/rocksdb_look.h"
#include "state/rocksdb/rocksdb_store.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"

namespace kawat::state {
namespace {

void Put(Store& store, const std::string& key, const std::string& value) {
  std::unique_ptr<Txn> txn = store.Begin();
  txn->Put(key, value);
  ASSERT_OK(store.Commit(std::move(txn)));
}

std::set<std::string> FilesOf(const std::filesystem::path& folder) {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.insert(entry.path().filename());
  }
  return files;
}

TEST(StoreLookTest, SeesWhatIsCommittedAndLeavesTheFolderAsItIs) {
  const support::TempFolder folder;
  ASSERT_OK_AND_ASSIGN(const auto store, OpenRocksDb(folder.path()));
  Put(*store, "key", "value");
  const std::set<std::string> before = FilesOf(folder.path());
  ASSERT_OK_AND_ASSIGN(const auto look, OpenRocksDbForLook(folder.path()));
  EXPECT_EQ(look->Get("key").value_or("no"), "value");
  EXPECT_GE(look->EstimatedKeys(), 1U);
  Put(*store, "key", "later");
  EXPECT_EQ(look->Get("key").value_or("no"), "value") << "it is of that moment";
  EXPECT_EQ(FilesOf(folder.path()), before);
}

TEST(StoreLookTest, AFlippedByteInATableIsFound) {
  const support::TempFolder folder;
  {
    ASSERT_OK_AND_ASSIGN(const auto store, OpenRocksDb(folder.path() / "a"));
    for (int i = 0; i < 200; ++i) {
      Put(*store, absl::StrCat("key", i), std::string(1000, 'v'));
    }
    ASSERT_OK(Checkpoint(*store, folder.path() / "b"));
  }
  std::filesystem::path table;
  for (const std::string& name : FilesOf(folder.path() / "b")) {
    table = name.ends_with(".sst") ? folder.path() / "b" / name : table;
  }
  {
    ASSERT_OK_AND_ASSIGN(const auto look, OpenRocksDbForLook(folder.path() / "b"));
    EXPECT_OK(look->VerifyChecksums());
  }
  ASSERT_OK_AND_ASSIGN(std::string bytes, base::ReadFile(table, 1 << 20));
  bytes[20] = static_cast<char>(bytes[20] ^ 1);
  ASSERT_OK(base::WriteFileAtomically(table, bytes));
  ASSERT_OK_AND_ASSIGN(const auto look, OpenRocksDbForLook(folder.path() / "b"));
  EXPECT_EQ(look->VerifyChecksums().code(), absl::StatusCode::kDataLoss);
}

TEST(StoreLookTest, NoFolderIsAnErrorAndMakesNone) {
  const support::TempFolder folder;
  EXPECT_EQ(OpenRocksDbForLook(folder.path() / "none").status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "none"));
  EXPECT_EQ(HolderOf(folder.path()), std::nullopt);
}

}  // namespace
}  // namespace kawat::state
