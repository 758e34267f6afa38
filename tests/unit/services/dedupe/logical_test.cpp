#include "services/dedupe/logical.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/unit/services/dedupe/dedupe_world.h"

namespace kawat::dedupe {
namespace {

using ::testing::Not;
using ::testing::StartsWith;

void Fill(World& world) {
  world.Send(Article("antara", 1, "gempa"));
  world.Send(Article("tempo", 2, "gempa"));
  world.Send(Article("antara", 3, "banjir"));
  article::Article amp = Article("antara", 4, "banjir");
  amp.url = "https://antara.example/amp/news";
  world.Send(amp);
  world.Send(article::TakeDown{IdOf("tempo"), "asked for"});
  world.Send(Article("kompas", 5, "pemilu"));
}

std::vector<std::string> LinesOf(const World& world) {
  std::vector<std::string> lines;
  EXPECT_OK(VisitLogical(world.store_, [&](std::string line) { lines.push_back(std::move(line)); }));
  return lines;
}

TEST(DedupeLogicalTest, KnowsAllThatDedupeKeeps) {
  World world;
  ASSERT_OK(BeginOrRefuse(world.store_, true));
  Fill(world);
  ASSERT_OK(world.Run());
  std::set<std::string> kinds;
  for (const std::string& line : LinesOf(world)) {
    EXPECT_THAT(line, Not(StartsWith("other ")));
    kinds.insert(line.substr(0, line.find(' ')));
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"alias", "body", "cluster", "decision", "seen", "window"}));
}

TEST(DedupeLogicalTest, TheSameInputGivesTheSameFingerprintWhereverItDied) {
  World calm;
  Fill(calm);
  ASSERT_OK(calm.Run());
  World world;
  Fill(world);
  world.faults_->FailCall(4);
  EXPECT_FALSE(world.Run().ok());
  ASSERT_OK(world.Run());
  ASSERT_OK_AND_ASSIGN(const std::string expected, LogicalFingerprint(calm.store_));
  ASSERT_OK_AND_ASSIGN(const std::string fingerprint, LogicalFingerprint(world.store_));
  EXPECT_EQ(fingerprint, expected);
}

TEST(DedupeLogicalTest, AnObservationMoreIsAnotherState) {
  World world;
  Fill(world);
  ASSERT_OK(world.Run());
  ASSERT_OK_AND_ASSIGN(const std::string before, LogicalFingerprint(world.store_));
  world.Send(Article("kompas", 6, "pemilu"));
  ASSERT_OK(world.Run());
  ASSERT_OK_AND_ASSIGN(const std::string after, LogicalFingerprint(world.store_));
  EXPECT_NE(before, after);
}

}  // namespace
}  // namespace kawat::dedupe
