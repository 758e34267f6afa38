// What operators do with dead letters, on a log in memory.
#include "services/fetch/dead_letters.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "bus/topics.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_bus.h"
#include "tests/support/status.h"

namespace kawat::fetch {
namespace {

class DeadLettersTest : public testing::Test {
 protected:
  DeadLettersTest() { KAWAT_CHECK(bus.CreateMissingTopics(bus::Topics(2, 1)).ok(), "topics"); }

  // A page that parse refused; both are on the log.
  bus::Record Refuse(const std::string& value, article::Reason reason = article::Reason::kBadEncoding,
                     bool with_value = true) {
    bus::Record page{.topic = std::string(bus::kPages), .partition = 1, .key = "https://a.example/", .value = value};
    page.origin = {1, std::string(bus::kLinks), 0, 7, 2};
    page.offset = bus.Append(page);
    page.append_time = clock.Now();
    bus::Record letter{.topic = std::string(bus::kDeadLetters), .key = pipeline::DeadLetterKey(page)};
    letter.partition = bus::PartitionOf(letter.key, 2);
    letter.value =
        pipeline::EncodeDeadLetter({.stage = "parse", .reason = reason, .detail = "why", .record = page}, with_value);
    bus.Append(letter);
    return page;
  }

  std::vector<StoredDeadLetter> ListAll(const DeadLetterFilter& filter, int page_size = 0) {
    std::vector<StoredDeadLetter> all;
    std::string token;
    do {
      const auto page = letters.List(filter, page_size, token);
      KAWAT_CHECK(page.ok(), "list");
      EXPECT_LE(page->letters.size(), page_size == 0 ? 100U : static_cast<std::size_t>(page_size));
      all.insert(all.end(), page->letters.begin(), page->letters.end());
      token = page->next_page_token;
    } while (!token.empty());
    return all;
  }

  ReplayedDeadLetter Replay(bool dry_run = false) {
    const std::vector<StoredDeadLetter> all = ListAll({});
    KAWAT_CHECK(all.size() == 1, "one letter");
    const auto replayed = letters.Replay({&all[0].place, 1}, dry_run);
    KAWAT_CHECK(replayed.ok() && replayed->size() == 1, "replay");
    return replayed->front();
  }

  support::FakeClock clock;
  support::MemoryBus bus{clock};
  DeadLetters letters{bus, clock};
};

TEST_F(DeadLettersTest, EachIsListedOnceWhateverThePageSize) {
  for (int i = 0; i < 7; ++i) {
    Refuse(absl::StrCat("page ", i));
  }
  for (const int size : {1, 2, 7, 100}) {
    EXPECT_EQ(ListAll({}, size).size(), 7U) << size;
  }
}

TEST_F(DeadLettersTest, AreFilteredByStageReasonTimeAndId) {
  const bus::Record early = Refuse("a");
  clock.Advance(absl::Minutes(1));
  const absl::Time between = clock.Now();
  Refuse("b", article::Reason::kCrashed);
  EXPECT_EQ(ListAll({.stage = "parse"}).size(), 2U);
  EXPECT_EQ(ListAll({.stage = "store"}).size(), 0U);
  EXPECT_EQ(ListAll({.reason = article::Reason::kCrashed}).size(), 1U);
  EXPECT_EQ(ListAll({.since = between}).size(), 1U);
  EXPECT_EQ(ListAll({.until = between}).size(), 1U);
  EXPECT_EQ(ListAll({.id = pipeline::DeadLetterKey(early)}).size(), 1U);
}

TEST_F(DeadLettersTest, ALetterThatNamesATopicWhichItsStageDoesNotReadIsNotReplayed) {
  const bus::Record forged{.topic = std::string(bus::kSources), .partition = 0, .key = "evil", .value = "x"};
  bus::Record letter{.topic = std::string(bus::kDeadLetters), .partition = 0, .key = "kawat.sources/0/0"};
  letter.value = pipeline::EncodeDeadLetter(
      {.stage = "parse", .reason = article::Reason::kBadEncoding, .detail = "why", .record = forged}, true);
  bus.Append(letter);
  const auto before = bus.Records(bus::kSources).size();
  EXPECT_TRUE(absl::IsInvalidArgument(Replay().status));
  EXPECT_EQ(bus.Records(bus::kSources).size(), before);
}

TEST_F(DeadLettersTest, AReplaySendsTheRecordAsItWas) {
  const bus::Record page = Refuse("page");
  EXPECT_OK(Replay().status);
  const std::vector<bus::Record> pages = bus.Records(bus::kPages);
  ASSERT_EQ(pages.size(), 2U);
  EXPECT_EQ(pages[1].key, page.key);
  EXPECT_EQ(pages[1].value, page.value);
  EXPECT_EQ(pages[1].origin, page.origin);
  EXPECT_EQ(pages[1].partition, page.partition);
}

TEST_F(DeadLettersTest, ADryRunSendsNothing) {
  Refuse("page");
  EXPECT_OK(Replay(/*dry_run=*/true).status);
  EXPECT_EQ(bus.Records(bus::kPages).size(), 1U);
}

TEST_F(DeadLettersTest, TheLetterHasWhatItsTopicHasNoMore) {
  const bus::Record page = Refuse("page");
  bus.TrimTo({page.topic, page.partition}, page.offset + 1);
  EXPECT_OK(Replay().status);
  ASSERT_EQ(bus.Records(bus::kPages).size(), 1U);
  EXPECT_EQ(bus.Records(bus::kPages)[0].value, page.value);
  EXPECT_EQ(bus.Records(bus::kPages)[0].origin, page.origin);
}

TEST_F(DeadLettersTest, ATopicMadeAnewIsNotTakenForTheOldOne) {
  const bus::Record page = Refuse("page");
  bus.Recreate(bus::kPages);
  bus.Append({.topic = page.topic, .partition = page.partition, .key = page.key, .value = "another"});
  EXPECT_OK(Replay().status);
  EXPECT_EQ(bus.Records(bus::kPages).back().value, "page");
}

TEST_F(DeadLettersTest, AnOriginalThatWasTooLargeForTheLetterIsReadFromItsTopic) {
  const bus::Record page = Refuse("large", article::Reason::kCrashed, /*with_value=*/false);
  EXPECT_OK(Replay().status);
  EXPECT_EQ(bus.Records(bus::kPages).back().value, "large");
  bus.TrimTo({page.topic, page.partition}, page.offset + 2);
  EXPECT_TRUE(absl::IsNotFound(Replay().status));
  EXPECT_EQ(bus.Records(bus::kPages).size(), 0U);
}

TEST_F(DeadLettersTest, WrongPagesAreRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(letters.List({}, 1001, "").status()));
  for (const char* token : {"x", "1", "-1/0", "0/-1", "0/1/2"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(letters.List({}, 1, token).status())) << token;
  }
  const DeadLetterPlace nowhere{0, 99};
  EXPECT_TRUE(absl::IsNotFound(letters.Get(nowhere).status()));
}

}  // namespace
}  // namespace kawat::fetch
