#include "services/dedupe/decision.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/support/status.h"

namespace kawat::dedupe {
namespace {

article::Article Observed(std::int64_t seq, int extractor_version = 1) {
  return {.id = "a", .seq = seq, .extractor_version = extractor_version};
}

Decision First(std::int64_t seq, std::string content) {
  return Decide(std::nullopt, Observed(seq), {.content = std::move(content)}, std::nullopt, false);
}

const BodyOwner kOther = {.article_id = "b", .cluster_id = "b"};

TEST(DecisionTest, TheFirstObservationMakesRevisionOneInAClusterOfItsOwn) {
  const Decision decision = First(10, "x");
  EXPECT_EQ(decision.verdict, Verdict::kFirst);
  EXPECT_EQ(decision.next.revision, 1);
  EXPECT_EQ(decision.next.seq, 10);
  EXPECT_TRUE(decision.membership_changed);
  EXPECT_EQ(decision.next.membership, (article::Membership{"a", 1, "a", article::Relation::kOriginal, ""}));
}

TEST(DecisionTest, AnEqualBodyElsewhereMakesItACopy) {
  const Decision decision = Decide(std::nullopt, Observed(10), {.content = "x", .body = "y"}, kOther, false);
  EXPECT_EQ(decision.next.membership, (article::Membership{"a", 1, "b", article::Relation::kCopy, "b"}));
}

TEST(DecisionTest, WhatIsNotNewerIsIgnored) {
  const ArticleState known = First(10, "x").next;
  for (const std::int64_t seq : {9, 10}) {
    const Decision decision = Decide(known, Observed(seq), {.content = "y"}, std::nullopt, true);
    EXPECT_EQ(decision.verdict, Verdict::kStale) << seq;
    EXPECT_EQ(decision.next, known) << seq;
  }
}

TEST(DecisionTest, EqualContentMovesOnlyTheNewestObservation) {
  const Decision decision = Decide(First(10, "x").next, Observed(11), {.content = "x"}, std::nullopt, true);
  EXPECT_EQ(decision.verdict, Verdict::kUnchanged);
  EXPECT_EQ(decision.next.seq, 11);
  EXPECT_EQ(decision.next.revision, 1);
  EXPECT_FALSE(decision.publishes_revision());
}

TEST(DecisionTest, OtherContentIsTheNextRevisionAndSoIsAReturn) {
  ArticleState state = First(10, "x").next;
  state = Decide(state, Observed(11), {.content = "y"}, std::nullopt, true).next;
  EXPECT_EQ(state.revision, 2);
  state = Decide(state, Observed(12), {.content = "x"}, std::nullopt, true).next;
  EXPECT_EQ(state.revision, 3);
}

TEST(DecisionTest, ABetterExtractionReplacesTheRevisionInPlace) {
  const Decision decision = Decide(First(10, "x").next, Observed(10, 2), {.content = "y"}, std::nullopt, true);
  EXPECT_EQ(decision.verdict, Verdict::kReplaced);
  EXPECT_EQ(decision.next.revision, 1);
  EXPECT_EQ(decision.next.extractor_version, 2);
  EXPECT_EQ(decision.next.content, "y");
}

TEST(DecisionTest, ATakenDownArticleStaysDown) {
  ArticleState known = First(10, "x").next;
  known.taken_down = true;
  EXPECT_EQ(Decide(known, Observed(11), {.content = "y"}, std::nullopt, true).verdict, Verdict::kStale);
}

TEST(DecisionTest, OnlyALoneArticleChangesItsCluster) {
  const ArticleState known = First(10, "x").next;
  const Decision lone = Decide(known, Observed(11), {.content = "y", .body = "y"}, kOther, true);
  EXPECT_TRUE(lone.membership_changed);
  EXPECT_EQ(lone.next.membership, (article::Membership{"a", 2, "b", article::Relation::kCopy, "b"}));
  const Decision accompanied = Decide(known, Observed(11), {.content = "y", .body = "y"}, kOther, false);
  EXPECT_FALSE(accompanied.membership_changed);
  EXPECT_EQ(accompanied.next.membership, known.membership);
}

TEST(DecisionTest, ItsOwnEarlierBodyIsNotElsewhere) {
  const BodyOwner itself = {.article_id = "a", .cluster_id = "a"};
  const Decision decision = Decide(First(10, "x").next, Observed(11), {.content = "y", .body = "y"}, itself, true);
  EXPECT_FALSE(decision.membership_changed);
}

// Whatever the order of arrival: revisions count up by one, seq never goes back, memberships are numbered without gaps.
TEST(DecisionTest, RevisionsAndMembershipsCountUp) {
  rc::check([](const std::vector<std::tuple<std::uint8_t, bool, std::uint8_t, bool, bool>>& observations) {
    std::optional<ArticleState> known;
    for (const auto& [seq, better, content, elsewhere, alone] : observations) {
      const Fingerprint fingerprint{.content = std::string(1, static_cast<char>('a' + content % 3)), .body = "y"};
      const Decision decision = Decide(known, Observed(seq, better ? 2 : 1), fingerprint,
                                       elsewhere ? std::optional(kOther) : std::nullopt, alone);
      const ArticleState before = known.value_or(ArticleState());
      RC_ASSERT(decision.next.seq >= before.seq);
      const bool counts = decision.verdict == Verdict::kFirst || decision.verdict == Verdict::kRevision;
      RC_ASSERT(decision.next.revision == before.revision + (counts ? 1 : 0));
      RC_ASSERT(decision.next.membership.number == before.membership.number + (decision.membership_changed ? 1 : 0));
      RC_ASSERT(Decide(decision.next, Observed(seq, better ? 2 : 1), fingerprint, std::nullopt, alone).verdict ==
                Verdict::kStale);
      known = decision.next;
    }
  });
}

TEST(DecisionTest, StatesComeBackFromTheirBytes) {
  const ArticleState state = {.seq = 1767225600123,
                              .extractor_version = 3,
                              .revision = 7,
                              .content = std::string("\0\xFFzz", 4),
                              .taken_down = true,
                              .membership = {"a", 2, "b", article::Relation::kCopy, "b"}};
  ASSERT_OK_AND_ASSIGN(const ArticleState again, DecodeArticleState("a", Encode(state)));
  EXPECT_EQ(again, state);
  const BodyOwner owner = {
      .article_id = "a", .cluster_id = "b", .append_time = absl::FromUnixMillis(1767225600123), .offset = 9};
  ASSERT_OK_AND_ASSIGN(const BodyOwner owner_again, DecodeBodyOwner(Encode(owner)));
  EXPECT_EQ(owner_again, owner);
  EXPECT_EQ(DecodeArticleState("a", "\xFF\xFF").status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace kawat::dedupe
