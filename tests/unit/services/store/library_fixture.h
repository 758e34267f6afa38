// What the tests of Library share.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/store/library.h"
#include "tests/unit/services/store/store_world.h"

namespace kawat::store {

inline constexpr std::int64_t kNow = 1767225600;  // of the fake clock: 2026-01-01

// Of one node, and of several.
class LibraryTest : public ::testing::TestWithParam<int> {
 protected:
  Library Now() { return world_.library(GetParam()); }
  void SendAndRun(const std::vector<article::Article>& articles) {
    for (const article::Article& article : articles) {
      world_.SendOriginal(article);
    }
    ASSERT_OK(world_.Run());
  }
  template <class Make>
  void SendCluster(int members, Make make) {
    for (int i = 0; i < members; ++i) {
      const article::Article article = make(i);
      world_.Send(article);
      world_.Send(article::Membership{article.id, 1, make(0).id,
                                      i == 0 ? article::Relation::kOriginal : article::Relation::kCopy,
                                      i == 0 ? "" : make(0).id});
    }
    ASSERT_OK(world_.Run());
  }
  std::vector<std::string> Search(const std::string& query, const Filter& filter = {}) {
    return NamesOf(Now().Search(query, filter, {}, {}));
  }
  std::vector<std::string> List(const Filter& filter = {}) { return NamesOf(Now().List(filter, {}, {})); }

  StoreWorld world_;
};

}  // namespace kawat::store
