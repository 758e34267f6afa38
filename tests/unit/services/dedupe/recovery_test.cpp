#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/dedupe/dedupe_world.h"

namespace kawat::dedupe {
namespace {

void SendStory(World& world) {
  world.Send(Article("antara", 1, "gempa"));
  world.Send(Article("tempo", 2, "gempa"));
  world.Send(Article("kompas", 3, "banjir"));
  world.Send(Article("kompas", 4, "gempa"));
  world.Send(Article("antara", 5, "harga"));
  world.Send(article::TakeDown{.article_id = IdOf("tempo")});
  article::Article amp = Article("antara", 6, "harga");
  amp.url = "https://antara.example/amp";
  world.Send(amp);
}

std::map<std::string, std::optional<std::string>> Facts(const World& world) {
  std::map<std::string, std::optional<std::string>> facts;
  for (const auto& [key, record] : world.Facts()) {
    std::optional<std::string> value = record.value;
    if (value.has_value()) {  // complete_below says how far an earlier run came: no fact of the article
      absl::StatusOr<article::ArticleEvent> event = article::DecodeArticleEvent(*value);
      EXPECT_OK(event);
      event->complete_below = 0;
      value = article::Encode(*event);
    }
    facts[key] = value;
  }
  return facts;
}

// Principles 2 and 3: wherever dedupe dies, starting it again leads to the facts of a run that never died.
TEST(DedupeRecoveryTest, DyingAtAnyCallChangesNoFact) {
  World calm;
  SendStory(calm);
  ASSERT_OK(calm.Run());
  int faults = 0;
  for (const support::Fate fate : {support::Fate::kLost, support::Fate::kHalf, support::Fate::kKept}) {
    bool fired = true;
    for (int call = 1; fired; ++call) {
      SCOPED_TRACE(absl::StrCat("fault at call ", call));
      World world;
      SendStory(world);
      world.faults_->SetFate(fate);
      world.faults_->FailCall(call);
      const bool died = !world.Run().ok();
      fired = world.faults_->fired() > 0;
      faults += died ? 1 : 0;
      if (died) {
        ASSERT_OK(world.Run());
      }
      EXPECT_EQ(Facts(world), Facts(calm));
      EXPECT_EQ(world.store_.Dump(), calm.store_.Dump());
    }
  }
  EXPECT_GT(faults, 6) << "hardly a fault was injected: this test proves nothing";
}

TEST(DedupeBeginTest, RefusesToBeginEmptyWhileArticlesIsNot) {
  support::MemoryStore store;
  EXPECT_EQ(BeginOrRefuse(store, /*articles_is_empty=*/false).code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_OK(BeginOrRefuse(store, /*articles_is_empty=*/true));
  EXPECT_OK(BeginOrRefuse(store, /*articles_is_empty=*/false)) << "it has begun: its first outputs may be there";
}

}  // namespace
}  // namespace kawat::dedupe
