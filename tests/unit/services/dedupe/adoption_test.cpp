#include "services/dedupe/adoption.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "pipeline/accept_log.h"
#include "pipeline/cursor.h"
#include "tests/unit/services/dedupe/dedupe_world.h"

namespace kawat::dedupe {
namespace {

using Map = support::MemoryStore::Map;
constexpr absl::StatusCode kRefused = absl::StatusCode::kFailedPrecondition;

struct Step {
  article::ParsedRecord record;
  absl::Duration later = absl::ZeroDuration();
};

article::Article Amp(article::Article article) {
  article.url = absl::StrCat(article.url, "/amp");
  return article;
}

article::Article Better(article::Article article, std::string_view subject) {
  article.extractor_version = 2;
  article.body = BodyOf(subject);
  return article;
}

article::TakeDown TakeDownOf(const std::string& name) { return {.article_id = IdOf(name)}; }

// Copies, revisions, returns to earlier content, aliases, take-downs, an owner that goes, one that leaves its cluster,
// an extraction that was improved, observations of nothing new, and the end of the window.
std::vector<Step> Story() {
  return {{Article("antara", 10, "gempa")},
          {Article("tempo", 20, "gempa")},
          {Article("kompas", 30, "banjir")},
          {Article("kompas", 40, "gempa")},
          {Article("antara", 50, "harga"), absl::Minutes(5)},
          {Article("republika", 60, "harga")},
          {Amp(Article("antara", 61, "harga"))},
          {TakeDownOf("tempo"), absl::Hours(1)},
          {Article("antara", 70, "gempa")},
          {Article("detik", 80, "banjir")},
          {Article("detik", 80, "banjir")},
          {Better(Article("detik", 80, ""), "banjir")},
          {TakeDownOf("republika")},
          {TakeDownOf("republika")},
          {Article("republika", 90, "harga")},
          {Article("bisnis", 91, "harga")},
          {TakeDownOf("antara")},
          {TakeDownOf("nobody")},
          {Article("suara", 100, "gempa")},
          {Amp(Article("suara", 100, "gempa"))},
          {Article("bisnis", 99, "tua")},
          {Article("suara", 101, "gempa"), absl::Hours(73)},
          {Article("late", 110, "harga")},
          {Article("late", 111, "gempa")},
          {Article("later", 112, "gempa")}};
}

void SendStory(World& world) {
  for (const Step& step : Story()) {
    world.clock_.Advance(step.later);
    world.Send(step.record);
  }
}

std::map<std::string, std::optional<std::string>> Facts(const World& world) {
  std::map<std::string, std::optional<std::string>> facts;
  for (const auto& [key, record] : world.Facts()) {
    std::optional<std::string> value = record.value;
    if (value.has_value()) {
      absl::StatusOr<article::ArticleEvent> event = article::DecodeArticleEvent(*value);
      EXPECT_OK(event);
      event->complete_below = 0;
      value = article::Encode(*event);
    }
    facts[key] = absl::StrCat(bus::FormatOrigin(record.origin), " ", value.value_or("null"));
  }
  return facts;
}

// The state, without "begun" (the runner of these tests sets none), and of the window only whose bodies can be found.
Map Comparable(const World& world) {
  Map dump = world.store_.Dump();
  dump.erase("begun");
  const auto cursor = pipeline::DecodeCursor(dump[pipeline::CursorKey({std::string(bus::kParsed), 0})]);
  EXPECT_OK(cursor);
  const absl::Time now = absl::FromUnixMillis(cursor->time_ms);
  auto txn = const_cast<World&>(world).store_.Begin();
  const BodyWindow window(world.limits_, *txn);
  std::erase_if(dump, [&](const auto& entry) {
    const std::string_view key = entry.first;
    if (key.starts_with("e/") || key.starts_with("w/")) {
      return true;
    }
    if (!key.starts_with("b/")) {
      return false;
    }
    const auto owner = window.Find(key.substr(2), now);
    EXPECT_OK(owner);
    return !owner->has_value() || ReadDecision(*txn, (*owner)->article_id)->value_or(ArticleState()).taken_down;
  });
  return dump;
}

void LoseState(World& world) {
  auto txn = world.store_.Begin();
  for (const auto& [key, value] : world.store_.Dump()) {
    txn->Delete(key);
  }
  ASSERT_OK(world.store_.Commit(std::move(txn)));
}

absl::StatusOr<Adoption> LoseAndAdopt(World& world) {
  LoseState(world);
  return Adopt(world.bus_, world.store_, world.limits_, {});
}

// Principle 4: wherever dedupe loses its disk, adopting what it told leads to the facts and the state of one that never
// did.
TEST(DedupeAdoptionTest, ALostDiskChangesNoFactWhereverDedupeStood) {
  World calm;
  SendStory(calm);
  ASSERT_OK(calm.Run());
  for (int batches = 1; batches <= 13; ++batches) {
    SCOPED_TRACE(absl::StrCat("lost after batch ", batches));
    World world;
    SendStory(world);
    ASSERT_OK(world.Run(batches));
    ASSERT_OK_AND_ASSIGN(const Adoption adoption, LoseAndAdopt(world));
    EXPECT_LE(adoption.next, 2 * batches);
    EXPECT_GE(adoption.next, 2 * (batches - 2)) << "it goes on from where it stood";
    ASSERT_OK(world.Run());
    EXPECT_EQ(Facts(world), Facts(calm));
    EXPECT_EQ(Comparable(world), Comparable(calm));
  }
}

TEST(DedupeAdoptionTest, EventsOfABatchThatWasNotCommittedAreDecidedAgain) {
  World calm;
  SendStory(calm);
  ASSERT_OK(calm.Run());
  int deaths = 0;
  std::int64_t undecided = 0;
  for (const support::Fate fate : {support::Fate::kLost, support::Fate::kHalf, support::Fate::kKept}) {
    bool fired = true;
    for (int call = 1; fired; ++call) {
      SCOPED_TRACE(absl::StrCat("death at call ", call));
      World world;
      SendStory(world);
      world.faults_->SetFate(fate);
      world.faults_->FailCall(call);
      const bool died = !world.Run().ok();
      fired = world.faults_->fired() > 0;
      if (!died || world.bus_.Records(bus::kArticles).empty()) {
        continue;
      }
      ++deaths;
      ASSERT_OK_AND_ASSIGN(const Adoption adoption, LoseAndAdopt(world));
      undecided += adoption.undecided;
      ASSERT_OK(world.Run());
      EXPECT_EQ(Facts(world), Facts(calm));
      EXPECT_EQ(Comparable(world), Comparable(calm));
    }
  }
  EXPECT_GT(deaths, 30) << "hardly a fault was injected: this test proves nothing";
  EXPECT_GT(undecided, 30);
}

// Five articles, four bodies, seqs out of order, better extractions of the same body, take-downs.
std::vector<article::ParsedRecord> AnyStory(std::mt19937& random) {
  const std::vector<std::string> names = {"antara", "tempo", "kompas", "detik", "bisnis"};
  const std::vector<std::string> subjects = {"gempa", "banjir", "harga", "pasar"};
  std::vector<article::ParsedRecord> story;
  for (unsigned i = 10; i < 40; ++i) {
    const std::string& name = names[random() % names.size()];
    if (random() % 12 == 0) {
      story.emplace_back(TakeDownOf(name));
      continue;
    }
    const unsigned seq = i - random() % 3;
    article::Article article = Article(name, seq, subjects[seq * 7 / 3 % subjects.size()]);
    if (random() % 3 == 0) {
      article.extractor_version = 2;
      article.title = "The whole title";
    }
    story.emplace_back(random() % 5 == 0 ? Amp(article) : article);
  }
  return story;
}

TEST(DedupeAdoptionTest, ALostDiskChangesNoFactOfAnyStory) {
  int deaths = 0;
  for (unsigned seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937 random(seed);
    World calm;
    World world;
    for (const article::ParsedRecord& record : AnyStory(random)) {
      calm.Send(record);
      world.Send(record);
    }
    ASSERT_OK(calm.Run());
    world.faults_->SetFate(static_cast<support::Fate>(random() % 3));
    world.faults_->FailCall(static_cast<int>(4 + random() % 46));
    if (world.Run().ok() || world.bus_.Records(bus::kArticles).empty()) {
      continue;
    }
    ++deaths;
    ASSERT_OK(LoseAndAdopt(world));
    ASSERT_OK(world.Run());
    ASSERT_EQ(Facts(world), Facts(calm));
    ASSERT_EQ(Comparable(world), Comparable(calm));
  }
  EXPECT_GT(deaths, 200) << "hardly a fault was injected: this test proves nothing";
}

TEST(DedupeAdoptionTest, AnAdoptionThatDiesIsBegunAnew) {
  World calm;
  SendStory(calm);
  ASSERT_OK(calm.Run());
  int deaths = 0;
  for (int call = 1;; ++call) {
    SCOPED_TRACE(absl::StrCat("death at commit ", call));
    World world;
    SendStory(world);
    ASSERT_OK(world.Run(5));
    LoseState(world);
    world.faults_->FailCall(support::Call::kStoreCommit, call);
    const bool died = !Adopt(world.bus_, world.store_, world.limits_, {}).ok();
    if (world.faults_->fired() == 0) {
      break;
    }
    ASSERT_TRUE(died);
    ++deaths;
    EXPECT_EQ(BeginOrRefuse(world.store_, /*articles_is_empty=*/false).code(), kRefused);
    if (!world.store_.Dump().empty()) {
      EXPECT_EQ(BeginOrRefuse(world.store_, /*articles_is_empty=*/true).code(), kRefused);
    }
    ASSERT_OK(Adopt(world.bus_, world.store_, world.limits_, {}));
    EXPECT_OK(BeginOrRefuse(world.store_, /*articles_is_empty=*/false));
    ASSERT_OK(world.Run());
    EXPECT_EQ(Facts(world), Facts(calm));
    EXPECT_EQ(Comparable(world), Comparable(calm));
  }
  EXPECT_GT(deaths, 3);
}

TEST(DedupeAdoptionTest, OnlyAnEmptyStateAdopts) {
  World world;
  SendStory(world);
  ASSERT_OK(world.Run(5));
  const Map before = world.store_.Dump();
  EXPECT_EQ(Adopt(world.bus_, world.store_, {}, {}).status().code(), kRefused);
  EXPECT_EQ(world.store_.Dump(), before);
}

TEST(DedupeAdoptionTest, NothingIsAdoptedFromAnEmptyTopic) {
  World world;
  EXPECT_EQ(Adopt(world.bus_, world.store_, {}, {}).status().code(), kRefused);
}

// Retention took what kawat.parsed had below; it goes on as if nothing were missing.
TEST(DedupeAdoptionTest, NeedsNothingOfParsedBelowWhereItGoesOn) {
  World calm;
  SendStory(calm);
  ASSERT_OK(calm.Run());
  World world;
  SendStory(world);
  ASSERT_OK(world.Run(6));
  world.bus_.TrimTo({std::string(bus::kParsed), 0}, 10);
  ASSERT_OK_AND_ASSIGN(const Adoption adoption, LoseAndAdopt(world));
  EXPECT_EQ(adoption.next, 10);
  ASSERT_OK(world.Run());
  EXPECT_EQ(Facts(world), Facts(calm));
}

TEST(DedupeAdoptionTest, SaysWhenParsedLacksTheOffsetToGoOnFrom) {
  World world;
  SendStory(world);
  ASSERT_OK(world.Run(6));
  world.bus_.TrimTo({std::string(bus::kParsed), 0}, 11);
  EXPECT_EQ(LoseAndAdopt(world).status().code(), kRefused);
  EXPECT_EQ(ReadDecision(world.store_, IdOf("antara"))->value_or(ArticleState()).seq, 70) << "it was adopted";
  EXPECT_EQ(world.Run().code(), kRefused);
}

TEST(DedupeAdoptionTest, NoticesThatParsedWasMadeAnew) {
  World world;
  SendStory(world);
  ASSERT_OK(world.Run(6));
  world.bus_.Recreate(bus::kParsed);
  for (int seq = 1; seq < 20; ++seq) {
    world.Send(Article("another", seq, "lain"));
  }
  EXPECT_EQ(LoseAndAdopt(world).status().code(), kRefused);
  EXPECT_EQ(world.Run().code(), kRefused);
}

// accept-log after the topic was made anew: what is decided then is newer than all before, for store and for adoption.
TEST(DedupeAdoptionTest, AdoptsAcrossALogThatWasAccepted) {
  World world;
  SendStory(world);
  ASSERT_OK(world.Run());
  world.bus_.Recreate(bus::kParsed);
  for (const char* name : {"kompas", "bisnis", "fresh"}) {
    world.Send(Article(name, 200, "baru"));
  }
  ASSERT_EQ(world.Run().code(), kRefused);
  const auto consumer = *world.bus_.NewConsumer("kawat-dedupe");
  ASSERT_OK_AND_ASSIGN(const auto plan, pipeline::PlanAcceptLog("dedupe/0", world.store_, *consumer));
  ASSERT_OK(pipeline::AcceptLog(plan, world.store_));
  ASSERT_OK(world.Run());
  EXPECT_EQ(world.MembershipOf("fresh", 1).cluster_id, world.MembershipOf("kompas", 2).cluster_id);
  const auto facts = Facts(world);
  world.Send(Article("late", 201, "baru"));
  ASSERT_OK_AND_ASSIGN(const Adoption adoption, LoseAndAdopt(world));
  EXPECT_EQ(adoption.log_epoch, 2u);
  EXPECT_LE(adoption.next, 3);
  ASSERT_OK(world.Run());
  for (const auto& [key, fact] : facts) {
    EXPECT_EQ(Facts(world)[key], fact) << key;
  }
}

TEST(DedupeAdoptionTest, LeavesOutWhatDoesNotDecode) {
  World world;
  SendStory(world);
  ASSERT_OK(world.Run());
  article::ArticleEvent boast{.version = {1, 3, 0}, .complete_below = 1'000'000, .fact = TakeDownOf("antara")};
  for (const std::string& poison : {std::string("\xFFpoison"), article::Encode(boast)}) {
    world.bus_.Append({.topic = std::string(bus::kArticles), .partition = 1, .key = poison, .value = poison});
  }
  ASSERT_OK_AND_ASSIGN(const Adoption adoption, LoseAndAdopt(world));
  EXPECT_EQ(adoption.malformed, 2);
  EXPECT_LE(adoption.next, 25);
}

TEST(DedupeAdoptionTest, TheWindowHoldsNoMoreThanItMay) {
  World world({.span = absl::Hours(72), .max_bodies = 3});
  for (int i = 1; i <= 20; ++i) {
    world.Send(Article(absl::StrCat("n", i), i, absl::StrCat("subject", i)));
  }
  ASSERT_OK(world.Run());
  ASSERT_OK(LoseAndAdopt(world));
  ASSERT_OK_AND_ASSIGN(const WindowFill fill, ReadWindowFill(world.store_));
  EXPECT_EQ(fill.bodies, 3);
}

}  // namespace
}  // namespace kawat::dedupe
