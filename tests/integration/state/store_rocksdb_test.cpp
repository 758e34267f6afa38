#include <gmock/gmock.h>

#include <thread>

#include "base/check.h"
#include "state/rocksdb/rocksdb_store.h"
#include "tests/integration/state/store_contract.h"
#include "tests/support/child.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"

namespace kawat::state {
namespace {

class RocksDbHost final : public StoreHost {
 public:
  RocksDbHost() { Reopen(); }
  Store& store() override { return *store_; }
  void Reopen() override {
    store_.reset();
    auto store = OpenRocksDb(folder_.path() / "07");
    KAWAT_CHECK(store.ok(), store.status().ToString().c_str());
    store_ = *std::move(store);
  }

 private:
  support::TempFolder folder_;
  std::unique_ptr<Store> store_;
};

INSTANTIATE_TEST_SUITE_P(RocksDb, StoreContract,
                         testing::Values(+[] { return std::unique_ptr<StoreHost>(std::make_unique<RocksDbHost>()); }));

bool Mentions(const absl::Status& status, const std::string& part) {
  return status.ToString().find(part) != std::string::npos;
}

TEST(RocksDbStoreTest, AFolderInUseIsRefusedAfterTheWait) {
  const support::TempFolder folder;
  ASSERT_OK_AND_ASSIGN(const auto store, OpenRocksDb(folder.path()));
  RocksDbOptions options;
  options.lock_wait = absl::Milliseconds(60);
  const absl::Status status = OpenRocksDb(folder.path(), options).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(Mentions(status, folder.path())) << status;
}

// A child holds the folder and is killed while its successor waits for it.
TEST(RocksDbStoreTest, AFolderIsOpenedAsSoonAsItsPredecessorDies) {
  const support::TempFolder folder;
  support::Child child("store_child", {"hold", folder.path()});
  ASSERT_EQ(child.ReadLine(), "held");
  RocksDbOptions options;
  options.lock_wait = absl::ZeroDuration();
  EXPECT_EQ(OpenRocksDb(folder.path(), options).status().code(), absl::StatusCode::kFailedPrecondition);
  std::thread killer([&] { child.Kill(); });
  options.lock_wait = absl::Seconds(30);
  EXPECT_OK(OpenRocksDb(folder.path(), options));
  killer.join();
}

TEST(RocksDbStoreTest, AFullDiskIsSaidBeforeRocksDbMeetsIt) {
  const support::TempFolder folder;
  support::Child child("store_child", {"full", folder.path()});
  const std::optional<std::string> answer = child.ReadLine();
  if (answer == "not allowed") {
    GTEST_SKIP() << "this machine does not let a test mount a small disk";
  }
  EXPECT_THAT(answer, testing::Optional(testing::HasSubstr("RESOURCE_EXHAUSTED")));
  EXPECT_EQ(child.Wait(), 0);
}

TEST(RocksDbStoreTest, AReadOnlyFolderIsAClearError) {
  const support::TempFolder folder;
  support::Child child("store_child", {"readonly", folder.path()});
  const std::optional<std::string> answer = child.ReadLine();
  if (answer == "not allowed") {
    GTEST_SKIP() << "this machine does not let a test mount a small disk";
  }
  EXPECT_THAT(answer, testing::Optional(testing::HasSubstr("FAILED_PRECONDITION")));
  EXPECT_THAT(answer, testing::Optional(testing::HasSubstr(folder.path().string())));
}

TEST(RocksDbStoreTest, AFileInPlaceOfTheFolderIsAClearError) {
  const absl::Status status = OpenRocksDb("/proc/version").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(Mentions(status, "/proc/version")) << status;
}

TEST(RocksDbStoreTest, AFolderOfANewerFormatIsRefused) {
  const support::TempFolder folder;
  RocksDbOptions options;
  ASSERT_OK(OpenRocksDb(folder.path(), options));  // now it has a format
  ASSERT_OK(OpenRocksDb(folder.path(), options));
  const support::TempFolder newer;
  options.format = 2;
  ASSERT_OK(OpenRocksDb(newer.path(), options));
  options.format = 1;
  const absl::Status status = OpenRocksDb(newer.path(), options).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(Mentions(status, newer.path())) << status;
  EXPECT_TRUE(Mentions(status, "newer")) << status;
}

}  // namespace
}  // namespace kawat::state
