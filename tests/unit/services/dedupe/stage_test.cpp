#include "services/dedupe/stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/dedupe/dedupe_world.h"

namespace kawat::dedupe {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST(DedupeStageTest, ANewArticleBecomesARevisionAndAMembership) {
  World world;
  world.Send(Article("antara", 1, "gempa"));
  ASSERT_OK(world.Run());
  const std::string id = IdOf("antara");
  EXPECT_THAT(world.Keys(), ElementsAre(article::RevisionKey(id, 1), article::MembershipKey(id, 1)));
  const auto article = world.Get<article::Article>(article::RevisionKey(id, 1));
  EXPECT_EQ(article.revision, 1);
  EXPECT_EQ(article.cluster_id, id);
  EXPECT_EQ(article.original_id, "");
  EXPECT_EQ(article.body, BodyOf("gempa"));
}

TEST(DedupeStageTest, EventsCarryTheirVersionAndWhatIsComplete) {
  World world;
  world.Send(Article("antara", 1, "gempa"));
  ASSERT_OK(world.Run());
  world.Send(Article("tempo", 2, "banjir"));
  ASSERT_OK(world.Run());
  const auto event = article::DecodeArticleEvent(*world.Facts().at(article::MembershipKey(IdOf("tempo"), 1)).value);
  ASSERT_OK(event);
  EXPECT_EQ(event->version, (article::Version{1, 1, 1}));
  EXPECT_EQ(event->complete_below, 1);
}

TEST(DedupeStageTest, TheSameContentAgainSaysNothingButAnUnseenUrlIsTold) {
  World world;
  world.Send(Article("antara", 1, "gempa"));
  world.Send(Article("antara", 2, "gempa"));
  article::Article amp = Article("antara", 3, "gempa");
  amp.url = "https://antara.example/amp/news";
  world.Send(amp);
  amp.seq = 2;  // an older observation of it, late
  amp.url = "https://m.antara.example/news";
  world.Send(amp);
  ASSERT_OK(world.Run());
  const std::string id = IdOf("antara");
  EXPECT_THAT(world.bus_.Records(bus::kArticles), SizeIs(4));
  EXPECT_EQ(world.Get<article::UrlAlias>(article::AliasKey(id, "https://antara.example/amp/news")).article_id, id);
  EXPECT_EQ(world.Get<article::UrlAlias>(article::AliasKey(id, "https://m.antara.example/news")).article_id, id);
}

TEST(DedupeStageTest, ABetterExtractionReplacesTheRevision) {
  World world;
  world.Send(Article("antara", 1, "gempa"));
  article::Article better = Article("antara", 1, "gempa");
  better.extractor_version = 2;
  better.authors = {"Sri"};
  world.Send(better);
  ASSERT_OK(world.Run());
  const std::string id = IdOf("antara");
  EXPECT_THAT(world.Keys(), ElementsAre(article::RevisionKey(id, 1), article::MembershipKey(id, 1)));
  EXPECT_THAT(world.Get<article::Article>(article::RevisionKey(id, 1)).authors, ElementsAre("Sri"));
}

TEST(DedupeStageTest, ATakeDownErasesAllRevisionsAndLasts) {
  World world;
  world.Send(Article("antara", 1, "gempa"));
  world.Send(Article("antara", 2, "banjir"));
  world.Send(article::TakeDown{.article_id = IdOf("antara"), .reason = "asked"});
  world.Send(Article("antara", 3, "harga"));
  ASSERT_OK(world.Run());
  const std::string id = IdOf("antara");
  EXPECT_THAT(world.Keys(), ElementsAre(article::RevisionKey(id, 1) + " null", article::RevisionKey(id, 2) + " null",
                                        article::MembershipKey(id, 1), article::TakeDownKey(id)));
}

TEST(DedupeStageTest, BytesThatAreNoRecordBecomeADeadLetter) {
  World world;
  world.bus_.Append({.topic = std::string(bus::kParsed), .partition = 0, .key = "x", .value = "\xFF\xFF"});
  world.Send(Article("antara", 1, "gempa"));
  ASSERT_OK(world.Run());
  EXPECT_THAT(world.bus_.Records(bus::kDeadLetters), SizeIs(1));
  EXPECT_THAT(world.Keys(), SizeIs(2));
}

// Ids become parts of keys and of addresses.
TEST(DedupeStageTest, AnIdOfAnotherFormBecomesADeadLetter) {
  World world;
  for (const std::string& id : {std::string(), std::string("../../1"), IdOf("antara") + "/1"}) {
    article::Article article = Article("antara", 1, "gempa");
    article.id = id;
    world.Send(article);
    world.Send(article::TakeDown{.article_id = id});
  }
  ASSERT_OK(world.Run());
  EXPECT_THAT(world.Keys(), SizeIs(0));
  EXPECT_THAT(world.bus_.Records(bus::kDeadLetters), SizeIs(6));
}

TEST(DedupeDecisionTest, CanBeAsked) {
  World world;
  world.Send(Article("antara", 7, "gempa"));
  ASSERT_OK(world.Run());
  ASSERT_OK_AND_ASSIGN(const std::optional<ArticleState> decision, ReadDecision(world.store_, IdOf("antara")));
  ASSERT_TRUE(decision.has_value());
  EXPECT_EQ(decision->seq, 7);
  EXPECT_EQ(decision->revision, 1);
  ASSERT_OK_AND_ASSIGN(const std::optional<ArticleState> none, ReadDecision(world.store_, IdOf("tempo")));
  EXPECT_FALSE(none.has_value());
}

}  // namespace
}  // namespace kawat::dedupe
