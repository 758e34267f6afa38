#include "services/dedupe/stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "article/codec.h"
#include "bus/topics.h"
#include "pipeline/stage_runner.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_bus.h"
#include "tests/support/memory_store.h"
#include "tests/support/status.h"

namespace kawat::dedupe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string BodyOf(std::string_view subject) {
  std::string body;
  for (int i = 0; i < 30; ++i) {
    absl::StrAppend(&body, i == 0 ? "" : " ", std::string(subject), i);
  }
  return body;
}

article::Article Article(std::string name, std::int64_t seq, std::string_view subject) {
  const std::string url = absl::StrCat("https://", name, ".example/news");
  return {.id = article::ArticleId(url),
          .url = url,
          .canonical_url = url,
          .source_id = name,
          .title = "Title",
          .body = BodyOf(subject),
          .observed_time = absl::FromUnixMillis(seq),
          .seq = seq,
          .extractor_version = 1};
}

std::string IdOf(const std::string& name) { return Article(name, 1, "").id; }

// A log and a state that outlive dedupe.
class World {
 public:
  explicit World(WindowLimits limits = {}) : limits_(limits) { EXPECT_OK(bus_.CreateMissingTopics(bus::Topics(4, 1))); }

  void Send(const article::ParsedRecord& record) {
    const auto* article = std::get_if<article::Article>(&record);
    bus_.Append({.topic = std::string(bus::kParsed),
                 .partition = 0,
                 .key = article != nullptr ? article->id : std::get<article::TakeDown>(record).article_id,
                 .value = article::Encode(record)});
  }

  // A dedupe's life: until nothing is left to do, or a fault.
  absl::Status Run() {
    DedupeStage stage(limits_);
    auto runner = pipeline::StageRunner::Create({.stage = "dedupe",
                                                 .owner = "dedupe/0",
                                                 .inputs = {{std::string(bus::kParsed), 0}},
                                                 .limits = {.max_records = 2, .patience = absl::ZeroDuration()}},
                                                stage, bus_, &store_, nullptr, nullptr);
    absl::Status status = runner.status();
    for (bool more = true; status.ok() && more;) {
      const absl::StatusOr<bool> step = (*runner)->Step();
      status = step.status();
      more = step.ok() && *step;
    }
    return status;
  }

  std::map<std::string, bus::Record> Facts() const { return bus_.NewestByKey(bus::kArticles); }
  std::vector<std::string> Keys() const {
    std::vector<std::string> keys;
    for (const auto& [key, record] : Facts()) {
      keys.push_back(record.value.has_value() ? key : absl::StrCat(key, " null"));
    }
    return keys;
  }
  template <class Fact>
  Fact Get(const std::string& key) const {
    const auto facts = Facts();
    const auto at = facts.find(key);
    if (at == facts.end()) {
      ADD_FAILURE() << "no " << key;
      return {};
    }
    return std::get<Fact>(article::DecodeArticleEvent(*at->second.value)->fact);
  }
  article::Membership MembershipOf(const std::string& name, int number) const {
    return Get<article::Membership>(article::MembershipKey(IdOf(name), number));
  }

  support::FakeClock clock_;
  std::shared_ptr<support::Faults> faults_ = std::make_shared<support::Faults>();
  support::MemoryBus bus_{clock_, faults_};
  support::MemoryStore store_{faults_};
  WindowLimits limits_;
};

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

TEST(DedupeStageTest, CopiesJoinTheClusterOfTheOneDecidedFirst) {
  World world;
  world.Send(Article("antara", 5, "gempa"));
  world.Send(Article("tempo", 1, "gempa"));
  world.Send(Article("kompas", 9, "gempa"));
  ASSERT_OK(world.Run());
  for (const char* name : {"tempo", "kompas"}) {
    EXPECT_EQ(world.MembershipOf(name, 1),
              (article::Membership{IdOf(name), 1, IdOf("antara"), article::Relation::kCopy, IdOf("antara")}));
  }
}

TEST(DedupeStageTest, ALoneArticleMovesWhenItBecomesACopyAndItsOldBodyIsFree) {
  World world;
  world.Send(Article("antara", 1, "gempa"));
  world.Send(Article("tempo", 2, "banjir"));
  world.Send(Article("tempo", 3, "gempa"));
  world.Send(Article("kompas", 4, "banjir"));  // tempo's old body: its cluster has no members any more
  ASSERT_OK(world.Run());
  EXPECT_EQ(world.MembershipOf("tempo", 2).cluster_id, IdOf("antara"));
  EXPECT_EQ(world.MembershipOf("kompas", 1).cluster_id, IdOf("kompas"));
}

TEST(DedupeStageTest, AnEditTearsNoClusterApart) {
  World world;
  world.Send(Article("antara", 1, "gempa"));
  world.Send(Article("tempo", 2, "gempa"));
  world.Send(Article("kompas", 3, "banjir"));
  world.Send(Article("antara", 4, "banjir"));
  ASSERT_OK(world.Run());
  const auto facts = world.Facts();
  EXPECT_FALSE(facts.contains(article::MembershipKey(IdOf("antara"), 2)));
  EXPECT_TRUE(facts.contains(article::RevisionKey(IdOf("antara"), 2)));
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

TEST(DedupeStageTest, TheWindowIsCountedInAppendTime) {
  World world;
  world.Send(Article("antara", 1, "gempa"));
  world.clock_.Advance(absl::Hours(72));
  world.Send(Article("tempo", 2, "gempa"));
  world.clock_.Advance(absl::Milliseconds(1));
  world.Send(Article("kompas", 3, "gempa"));
  world.Send(Article("detik", 4, "gempa"));
  ASSERT_OK(world.Run());
  EXPECT_EQ(world.MembershipOf("tempo", 1).cluster_id, IdOf("antara"));
  EXPECT_EQ(world.MembershipOf("kompas", 1).cluster_id, IdOf("kompas"));
  EXPECT_EQ(world.MembershipOf("detik", 1).cluster_id, IdOf("kompas"));
}

TEST(DedupeStageTest, TheWindowHoldsSoManyBodiesOldestOutFirst) {
  World world({.max_bodies = 2});
  for (const char* name : {"a1", "b1", "c1"}) {
    world.Send(Article(name, 1, name));
  }
  world.Send(Article("a2", 1, "b1"));
  world.Send(Article("b2", 1, "a1"));
  ASSERT_OK(world.Run());
  EXPECT_EQ(world.MembershipOf("a2", 1).cluster_id, IdOf("b1"));
  EXPECT_EQ(world.MembershipOf("b2", 1).cluster_id, IdOf("b2")) << "a1 was dropped";
  ASSERT_OK_AND_ASSIGN(const std::int64_t bodies, BodiesInWindow(world.store_));
  EXPECT_LE(bodies, 3);
}

TEST(DedupeStageTest, BytesThatAreNoRecordBecomeADeadLetter) {
  World world;
  world.bus_.Append({.topic = std::string(bus::kParsed), .partition = 0, .key = "x", .value = "\xFF\xFF"});
  world.Send(Article("antara", 1, "gempa"));
  ASSERT_OK(world.Run());
  EXPECT_THAT(world.bus_.Records(bus::kDeadLetters), SizeIs(1));
  EXPECT_THAT(world.Keys(), SizeIs(2));
}

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
