// What the RocksDB store does with a folder that something else has damaged: it says so, ends for good and leaves the
// files to whoever mends them.
#include <gmock/gmock.h>

#include <fstream>
#include <functional>
#include <map>
#include <string>

#include "base/files.h"
#include "state/rocksdb/rocksdb_store.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"

namespace kawat::state {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class StoreDamageTest : public testing::Test {
 protected:
  // Enough for a WAL with several blocks of 32 KiB; what was there before lies in table files afterwards.
  void Fill(int from) {
    ASSERT_OK_AND_ASSIGN(const auto store, OpenRocksDb(path()));
    for (int i = from; i < from + kKeys; ++i) {
      auto txn = store->Begin();
      txn->Put(std::to_string(i), std::string(5000, 'v'));
      ASSERT_OK(store->Commit(std::move(txn)));
    }
  }

  int Keys() {
    const auto store = OpenRocksDb(path());
    EXPECT_OK(store);
    int keys = 0;
    if (store.ok()) {
      EXPECT_OK((*store)->Scan("", "", [&](std::string_view, std::string_view) { return ++keys, true; }));
    }
    return keys;
  }

  // The newest file whose name begins or ends so.
  fs::path File(std::string_view part) {
    fs::path newest;
    for (const fs::directory_entry& entry : fs::directory_iterator(path())) {
      const std::string name = entry.path().filename();
      if ((name.starts_with(part) || name.ends_with(part)) && entry.path() > newest) {
        newest = entry.path();
      }
    }
    EXPECT_FALSE(newest.empty()) << "no file " << part;
    return newest;
  }

  // All of the folder but what RocksDB says of itself.
  std::map<std::string, std::string> Files() {
    std::map<std::string, std::string> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(path())) {
      const std::string name = entry.path().filename();
      if (!name.starts_with("LOG") && name != "LOCK") {
        files[name] = base::ReadFile(entry.path(), 64 << 20).value();
      }
    }
    return files;
  }

  void ExpectRefusedForGood() {
    const auto before = Files();
    for (int start = 1; start <= 2; ++start) {
      const absl::Status status = OpenRocksDb(path()).status();
      EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << "start " << start << ": " << status;
      EXPECT_THAT(std::string(status.message()), HasSubstr(path().string()));
      EXPECT_THAT(std::string(status.message()), Not(HasSubstr("\n")));
      EXPECT_TRUE(Files() == before) << "start " << start << " changed the folder";
    }
  }

  fs::path path() const { return folder_.path() / "00"; }

  static constexpr int kKeys = 30;
  support::TempFolder folder_;
};

void Overwrite(const fs::path& file, std::uintmax_t at, std::string_view bytes) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(static_cast<std::streamoff>(at));
  stream << bytes;
  ASSERT_TRUE(stream.flush().good()) << file;
}

void Replace(const fs::path& file, std::string_view bytes) {
  fs::resize_file(file, 0);
  Overwrite(file, 0, bytes);
}

TEST_F(StoreDamageTest, AFolderWithoutCurrentIsRefusedAndKept) {
  Fill(0);
  Fill(kKeys);
  const fs::path current = path() / "CURRENT";
  const std::string content = base::ReadFile(current, 1000).value();
  fs::remove(current);
  ExpectRefusedForGood();
  ASSERT_OK(base::WriteFileAtomically(current, content));
  EXPECT_EQ(Keys(), 2 * kKeys);
}

// As a process leaves it that was killed while it made the folder: there is nothing to lose.
TEST_F(StoreDamageTest, AFolderThatWasHalfMadeIsMade) {
  fs::create_directories(path());
  ASSERT_OK(base::WriteFileAtomically(path() / "MANIFEST-000001", "half"));
  ASSERT_OK(base::WriteFileAtomically(path() / "LOG", "half"));
  Fill(0);
  EXPECT_EQ(Keys(), kKeys);
}

TEST_F(StoreDamageTest, AJunkCurrentIsRefused) {
  Fill(0);
  Replace(path() / "CURRENT", "junk");
  ExpectRefusedForGood();
}

TEST_F(StoreDamageTest, AMissingManifestIsRefused) {
  Fill(0);
  fs::remove(File("MANIFEST-"));
  ExpectRefusedForGood();
}

TEST_F(StoreDamageTest, ARandomManifestIsRefused) {
  Fill(0);
  Replace(File("MANIFEST-"), std::string(4096, 'x'));
  ExpectRefusedForGood();
}

TEST_F(StoreDamageTest, AMissingTableIsRefused) {
  Fill(0);
  Fill(kKeys);
  fs::remove(File(".sst"));
  ExpectRefusedForGood();
}

TEST_F(StoreDamageTest, ADamagedTableIsRefused) {
  Fill(0);
  Fill(kKeys);
  const fs::path table = File(".sst");
  Overwrite(table, fs::file_size(table) - 300, std::string(300, 'x'));
  ExpectRefusedForGood();
}

TEST_F(StoreDamageTest, DamageInTheMiddleOfTheWriteAheadLogIsRefusedAndTheRestKept) {
  Fill(0);
  const fs::path log = File(".log");
  const std::string good = base::ReadFile(log, 64 << 20).value();
  ASSERT_GT(good.size(), 100'000U) << "too little to have a middle";
  Overwrite(log, good.size() / 2, std::string(300, 'x'));
  ExpectRefusedForGood();
  Replace(log, good);
  EXPECT_EQ(Keys(), kKeys);
}

// As a kill or a power cut leaves it: the last commit had not returned.
TEST_F(StoreDamageTest, ATornTailOfTheWriteAheadLogLosesItsLastCommitOnly) {
  Fill(0);
  const fs::path log = File(".log");
  fs::resize_file(log, fs::file_size(log) - 300);
  EXPECT_EQ(Keys(), kKeys - 1);
}

TEST_F(StoreDamageTest, ZerosAfterTheEndOfTheWriteAheadLogLoseNothing) {
  Fill(0);
  const fs::path log = File(".log");
  fs::resize_file(log, fs::file_size(log) + 5000);
  EXPECT_EQ(Keys(), kKeys);
}

TEST_F(StoreDamageTest, ACommitIntoAFolderThatWasDeletedFails) {
  ASSERT_OK_AND_ASSIGN(const auto store, OpenRocksDb(path()));
  fs::remove_all(path());
  auto txn = store->Begin();
  txn->Put("a", "1");
  const absl::Status status = store->Commit(std::move(txn));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(path().string()));
}

}  // namespace
}  // namespace kawat::state
