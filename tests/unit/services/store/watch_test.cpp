#include "services/store/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/store/store_world.h"

namespace kawat::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<std::string> Drain(Watch& watch, std::string* token = nullptr) {
  std::vector<std::string> seen;
  do {
    absl::StatusOr<std::optional<WatchedArticle>> next = watch.Next(3, {});
    EXPECT_OK(next);
    if (next.ok() && next->has_value()) {
      seen.push_back(absl::StrCat((*next)->found.article.source_id, "/", (*next)->found.article.revision));
      if (token != nullptr) {
        *token = (*next)->resume_token;
      }
    }
  } while (watch.more());
  return seen;
}

TEST(WatchTest, TellsOfFirstAndLaterRevisionsFromNowOn) {
  StoreWorld world;
  world.SendOriginal(Article("antara", 10, "x"));
  ASSERT_OK(world.Run());
  const Library library = world.library();
  ASSERT_OK_AND_ASSIGN(Watch watch, Watch::Begin(library, {}, "", {}));
  EXPECT_THAT(Drain(watch), IsEmpty());
  world.Send(Article("antara", 20, "y", 2));
  world.SendOriginal(Article("tempo", 30, "x"));
  ASSERT_OK(world.Run());
  EXPECT_THAT(Drain(watch), UnorderedElementsAre("antara/2", "tempo/1"));
  EXPECT_THAT(Drain(watch), IsEmpty());
}

TEST(WatchTest, ResumesAfterTheArticleOfItsToken) {
  StoreWorld world;
  const Library library = world.library();
  ASSERT_OK_AND_ASSIGN(Watch whole, Watch::Begin(library, {}, "", {}));
  for (int i = 0; i < 30; ++i) {
    world.SendOriginal(Article(absl::StrCat("s", i), i, "x"));
  }
  ASSERT_OK(world.Run());
  std::string token;
  std::vector<std::string> first;
  for (int i = 0; i < 11; ++i) {
    absl::StatusOr<std::optional<WatchedArticle>> next = whole.Next(100, {});
    ASSERT_TRUE(next.ok() && next->has_value());
    first.push_back((*next)->found.article.id);
    token = (*next)->resume_token;
  }
  ASSERT_OK_AND_ASSIGN(Watch resumed, Watch::Begin(library, {}, token, {}));
  std::vector<std::string> rest;
  while (true) {
    absl::StatusOr<std::optional<WatchedArticle>> next = resumed.Next(100, {});
    ASSERT_OK(next);
    if (!next->has_value()) {
      break;
    }
    rest.push_back((*next)->found.article.id);
  }
  EXPECT_EQ(rest.size(), 19U);
  first.insert(first.end(), rest.begin(), rest.end());
  EXPECT_EQ(std::set<std::string>(first.begin(), first.end()).size(), 30U);
}

TEST(WatchTest, WaitsForTheIndex) {
  StoreWorld world;
  const Library library = world.library();
  ASSERT_OK_AND_ASSIGN(Watch watch, Watch::Begin(library, {}, "", {}));
  world.SendOriginal(Article("antara", 10, "x"));
  ASSERT_OK(world.Run(/*index=*/false));
  EXPECT_THAT(Drain(watch), IsEmpty());
  ASSERT_OK(world.Run());
  EXPECT_THAT(Drain(watch), ElementsAre("antara/1"));
}

TEST(WatchTest, FiltersAndPassesOverWhatIsTakenDown) {
  StoreWorld world;
  const Library library = world.library();
  ASSERT_OK_AND_ASSIGN(Watch all, Watch::Begin(library, {}, "", {}));
  ASSERT_OK_AND_ASSIGN(Watch tempo, Watch::Begin(library, {.source_id = "tempo"}, "", {}));
  for (const char* name : {"antara", "tempo", "kompas"}) {
    world.SendOriginal(Article(name, 10, "x"));
  }
  world.Send(article::TakeDown{.article_id = IdOf("kompas")});
  ASSERT_OK(world.Run());
  EXPECT_THAT(Drain(all), UnorderedElementsAre("antara/1", "tempo/1"));
  EXPECT_THAT(Drain(tempo), ElementsAre("tempo/1"));
}

TEST(WatchTest, RefusesATokenThatIsNone) {
  StoreWorld world;
  const Library library = world.library();
  EXPECT_EQ(Watch::Begin(library, {}, "xyz", {}).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace kawat::store
