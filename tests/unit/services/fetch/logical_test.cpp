#include "services/fetch/logical.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/unit/services/fetch/world.h"

namespace kawat::fetch {
namespace {

using ::testing::Not;
using ::testing::StartsWith;

void Fill(World& world) {
  world.AddSource(SourceA());
  world.web.Serve("https://a.example/feed", "feed", "\"1\"");
  world.web.Serve("https://a.example/robots.txt", "User-agent: *\nDisallow: /no");
  world.web.Serve("https://a.example/1", "page");
  world.AddEntry("https://a.example/1");
  world.AddEntry("https://a.example/2");
  world.AddEntry("https://a.example/no/1");
}

std::vector<std::string> LinesOf(const World& world) {
  std::vector<std::string> lines;
  EXPECT_OK(VisitLogical(world.store, [&](std::string line) { lines.push_back(std::move(line)); }));
  return lines;
}

TEST(FetchLogicalTest, KnowsAllThatTheFrontierKeeps) {
  World world;
  Fill(world);
  ASSERT_OK(world.Run(absl::Seconds(20)));
  std::set<std::string> kinds;
  for (const std::string& line : LinesOf(world)) {
    EXPECT_THAT(line, Not(StartsWith("other ")));
    kinds.insert(line.substr(0, line.find(' ')));
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"robots", "source", "url"}));
}

TEST(FetchLogicalTest, WhenAndHowOftenItAskedIsNoFact) {
  World world;
  Fill(world);
  ASSERT_OK(world.Run(absl::Seconds(20)));
  World later;
  later.clock.Advance(absl::Hours(5));
  Fill(later);
  ASSERT_OK(later.Run(absl::Seconds(20)));
  later.Start();
  ASSERT_OK(later.Run(absl::Seconds(200)));
  EXPECT_EQ(LinesOf(world), LinesOf(later));
  EXPECT_EQ(LogicalFingerprint(world.store).value_or("1"), LogicalFingerprint(later.store).value_or("2"));
}

TEST(FetchLogicalTest, AnotherOutcomeIsAnotherFact) {
  World world;
  Fill(world);
  ASSERT_OK(world.Run(absl::Seconds(20)));
  const std::vector<std::string> before = LinesOf(world);
  world.AddOutcome({.url = "https://a.example/1",
                    .seq = world.State("https://a.example/1").seq,
                    .kind = article::OutcomeKind::kArticle,
                    .article_id = "1"});
  ASSERT_OK(world.Run(absl::Seconds(1)));
  EXPECT_NE(LinesOf(world), before);
}

}  // namespace
}  // namespace kawat::fetch
