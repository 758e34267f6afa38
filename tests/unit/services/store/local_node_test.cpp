#include "services/store/local_node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/store/store_world.h"

namespace kawat::store {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

// A world whose nodes are one, each with a shard.
class LocalNodeTest : public ::testing::Test {
 protected:
  const LocalNode& Node(int number) {
    if (world_.nodes_.empty()) {
      world_.library(kShards);
    }
    return *world_.nodes_[static_cast<std::size_t>(number)];
  }

  StoreWorld world_;
};

TEST_F(LocalNodeTest, RefusesTheShardsOfOthers) {
  const std::string id = IdOf("antara");
  const int owner = bus::PartitionOf(id, kShards);
  const int other = (owner + 1) % kShards;
  EXPECT_OK(Node(owner).Read({id}, true, {}));
  EXPECT_EQ(Node(other).Read({id}, true, {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Node(0).LastSequence(1).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Node(0).ReadChanges(1, -1, {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Node(0).Find({}, {{.shard = 1}}, 1, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(LocalNodeTest, AnAnswerOfReadEndsByItsBytesButHasOneAtLeast) {
  std::vector<std::string> ids;
  for (int i = 0; ids.size() < 5; ++i) {
    const article::Article article = Article(absl::StrCat("s", i), i, std::string(700'000, 'x'));
    if (bus::PartitionOf(article.id, kShards) == 0) {
      world_.SendOriginal(article);
      ids.push_back(article.id);
    }
  }
  ASSERT_OK(world_.Run());
  ASSERT_OK_AND_ASSIGN(const auto first, Node(0).Read(ids, /*with_bodies=*/true, {}));
  EXPECT_THAT(first, SizeIs(3));
  ASSERT_OK_AND_ASSIGN(const auto bare, Node(0).Read(ids, /*with_bodies=*/false, {}));
  EXPECT_THAT(bare, SizeIs(5));
  ASSERT_OK_AND_ASSIGN(const auto changes, Node(0).ReadChanges(0, -1, {}));
  EXPECT_THAT(changes, SizeIs(1));
  ASSERT_OK_AND_ASSIGN(const auto rest, Node(0).ReadChanges(0, *Node(0).LastSequence(0), {}));
  EXPECT_THAT(rest, IsEmpty());
}

TEST(AskAllTest, GivesAnswersInOrderOrTheFirstError) {
  const auto square = [](std::size_t i) -> absl::StatusOr<int> { return static_cast<int>(i * i); };
  ASSERT_OK_AND_ASSIGN(const std::vector<int> squares, AskAll(4, square));
  EXPECT_THAT(squares, ::testing::ElementsAre(0, 1, 4, 9));
  EXPECT_THAT(AskAll(0, square).value(), IsEmpty());
  const auto fails = [](std::size_t i) -> absl::StatusOr<int> {
    return i < 2 ? absl::StatusOr<int>(0) : absl::UnavailableError(absl::StrCat("node ", i));
  };
  EXPECT_EQ(AskAll(4, fails).status(), absl::UnavailableError("node 2"));
}

}  // namespace
}  // namespace kawat::store
