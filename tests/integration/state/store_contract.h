// What holds for every adapter of state::Store. An adapter's test instantiates it:
//
//   INSTANTIATE_TEST_SUITE_P(RocksDb, StoreContract, testing::Values(+[] { return std::unique_ptr<StoreHost>(...); }));
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "state/store.h"

namespace kawat::state {

// Owns a store and what it lies on.
class StoreHost {
 public:
  virtual ~StoreHost() = default;
  virtual Store& store() = 0;
  virtual void Reopen() = 0;  // as a process that was killed and started again does
};

using StoreHostFactory = std::unique_ptr<StoreHost> (*)();

class StoreContract : public testing::TestWithParam<StoreHostFactory> {
 protected:
  void SetUp() override { host_ = GetParam()(); }

  Store& store() { return host_->store(); }
  void Reopen() { host_->Reopen(); }
  void Put(const std::map<std::string, std::string>& entries);  // in one commit

  std::unique_ptr<StoreHost> host_;
};

std::map<std::string, std::string> All(const Reader& reader);

}  // namespace kawat::state
