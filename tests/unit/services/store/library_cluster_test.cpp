#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/store/library.h"
#include "tests/unit/services/store/library_fixture.h"

namespace kawat::store {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST_P(LibraryTest, AClustersMembersComeInTheOrderOfDecision) {
  SendAndRun({Article("antara", kNow, "gempa")});
  for (const char* name : {"tempo", "kompas"}) {
    world_.Send(Article(name, kNow - 100, "gempa"));
    world_.Send(article::Membership{IdOf(name), 1, IdOf("antara"), article::Relation::kCopy, IdOf("antara")});
  }
  ASSERT_OK(world_.Run());
  ASSERT_OK_AND_ASSIGN(const Cluster cluster, Now().GetCluster(IdOf("antara"), true, {}));
  std::vector<std::string> names;
  for (const FoundArticle& found : cluster.articles) {
    names.push_back(found.article.source_id);
    EXPECT_EQ(found.article.cluster_id, IdOf("antara"));
  }
  EXPECT_THAT(names, ElementsAre("antara", "tempo", "kompas"));
}

TEST_P(LibraryTest, OfALargeClusterTheFirstDecidedMembersAreGiven) {
  std::vector<std::string> names;  // of one shard, so that this alone has more than are given
  for (int i = 0; names.size() < kMaxClusterMembers + 50; ++i) {
    const std::string name = absl::StrCat("s", i);
    if (bus::PartitionOf(IdOf(name), kShards) == 0) {
      names.push_back(name);
    }
  }
  SendCluster(static_cast<int>(names.size()),
              [&](int i) { return Article(names[static_cast<std::size_t>(i)], kNow, "x"); });
  ASSERT_OK_AND_ASSIGN(const Cluster cluster, Now().GetCluster(IdOf(names[0]), true, {}));
  ASSERT_THAT(cluster.articles, SizeIs(kMaxClusterMembers));
  for (std::size_t i = 0; i < kMaxClusterMembers; ++i) {
    ASSERT_EQ(cluster.articles[i].article.source_id, names[i]);
  }
}

TEST_P(LibraryTest, AClusterFitsIntoAMessage) {
  SendCluster(30, [](int i) {
    article::Article article = Article(absl::StrCat("s", i), kNow, std::string(200'000, 'x'));
    article.image_url = std::string(i < 20 ? 1'000 : 300'000, 'i');
    return article;
  });
  ASSERT_OK_AND_ASSIGN(const Cluster cluster, Now().GetCluster(IdOf("s0"), true, {}));
  std::size_t bytes = 0;
  for (const FoundArticle& found : cluster.articles) {
    bytes += found.article.body.size() + found.article.image_url.size();
  }
  EXPECT_GT(cluster.articles.size(), 20U);
  EXPECT_NE(cluster.articles[0].article.body, "");
  EXPECT_EQ(cluster.articles.back().article.body, "");
  EXPECT_LT(bytes, kMaxPageBytes);
  ASSERT_OK_AND_ASSIGN(const Cluster bare, Now().GetCluster(IdOf("s0"), false, {}));
  EXPECT_EQ(bare.articles.size(), cluster.articles.size());
  EXPECT_EQ(bare.articles[0].article.body, "");
}

}  // namespace
}  // namespace kawat::store
