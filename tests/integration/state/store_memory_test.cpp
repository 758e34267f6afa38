#include "tests/integration/state/store_contract.h"
#include "tests/support/memory_store.h"
#include "tests/support/status.h"

namespace kawat::state {
namespace {

class MemoryHost final : public StoreHost {
 public:
  Store& store() override { return store_; }
  void Reopen() override {}

 private:
  support::MemoryStore store_;
};

INSTANTIATE_TEST_SUITE_P(Memory, StoreContract,
                         testing::Values(+[] { return std::unique_ptr<StoreHost>(std::make_unique<MemoryHost>()); }));

TEST(MemoryStoreTest, AFailedCommitIsLostOrKeptAsAsked) {
  for (const auto& [fate, kept] : {std::pair(support::Fate::kLost, false), {support::Fate::kKept, true}}) {
    support::MemoryStore store;
    store.faults().SetFate(fate);
    store.faults().FailCall(support::Call::kStoreCommit, 1);
    auto txn = store.Begin();
    txn->Put("a", "1");
    EXPECT_FALSE(store.Commit(std::move(txn)).ok());
    EXPECT_EQ(All(store).size(), kept ? 1U : 0U);
    EXPECT_OK(store.Commit(store.Begin()));
    EXPECT_EQ(store.faults().fired(), 1);
  }
}

}  // namespace
}  // namespace kawat::state
