// What becomes of an answer: pages, redirects, failures, and how parse says that a page ended.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/utf8.h"
#include "tests/unit/services/fetch/world.h"

namespace kawat::fetch {
namespace {

using article::OutcomeKind;
using article::Reason;

constexpr char kStory[] = "https://a.example/story";

std::string Repeated(const std::string& text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) {
    repeated += text;
  }
  return repeated;
}

// Of the only page that was sent: what parse makes of its bytes.
absl::StatusOr<article::Page> SentPage(const World& world) {
  const std::vector<bus::Record> records = world.bus.Records(bus::kPages);
  return records.size() == 1 ? article::DecodePage(*records[0].value)
                             : absl::FailedPreconditionError(absl::StrCat(records.size(), " pages were sent"));
}

TEST(FrontierAnswersTest, ALongTitleIsCutBetweenCharacters) {
  World world;
  world.web.Serve(kStory, "story");
  world.AddSource(SourceA());
  world.AddEntry(kStory, Repeated("報", 200));
  ASSERT_OK(world.Run(absl::Seconds(5)));
  ASSERT_OK_AND_ASSIGN(const article::Page page, SentPage(world));
  EXPECT_EQ(page.hint_title, Repeated("報", 170));
}

TEST(FrontierAnswersTest, HeadersThatAreNotUtf8ReachParse) {
  World world;
  const std::string etag = "\"caf\xE9\"";
  world.web.Serve(
      kStory,
      {.status = 200,
       .headers = {{"content-type", "text/html; title=caf\xE9"}, {"etag", etag}, {"link", Repeated("報", 2000)}},
       .body = "story"});
  world.AddSource(SourceA());
  world.AddEntry(kStory);
  ASSERT_OK(world.Run(absl::Seconds(5)));
  ASSERT_OK_AND_ASSIGN(const article::Page page, SentPage(world));
  EXPECT_EQ(page.Header("content-type"), "text/html; title=caf\uFFFD");
  EXPECT_EQ(page.Header("link"), Repeated("報", (4 << 10) / 3));
  EXPECT_EQ(world.State(kStory).etag, etag) << "is sent back as it came";
}

TEST(FrontierAnswersTest, AValidatorThatWouldBreakAHeaderLineIsNotSentBack) {
  World world;
  world.web.Serve(kStory, {.status = 200,
                           .headers = {{"etag", "\"1\"\rX-Evil: 1"}, {"last-modified", std::string(5000, 'x')}},
                           .body = "story"});
  world.AddSource(SourceA());
  world.AddEntry(kStory);
  ASSERT_OK(world.Run(absl::Seconds(5)));
  EXPECT_EQ(world.Pages().size(), 1u);
  EXPECT_EQ(world.State(kStory).etag, "");
  EXPECT_EQ(world.State(kStory).last_modified, "");
}

TEST(FrontierAnswersTest, WhyARequestFailedIsUtf8) {
  World world;
  world.web.Serve(kStory, {.reason = Reason::kTls, .detail = "the certificate names caf\xE9"});
  world.AddSource(SourceA());
  world.AddEntry(kStory);
  ASSERT_OK(world.Run(absl::Seconds(5)));
  EXPECT_EQ(world.State(kStory).reason, Reason::kTls);
  EXPECT_TRUE(base::IsValidUtf8(world.State(kStory).detail)) << "GetUrlState could not be decoded";
}

TEST(FrontierAnswersTest, ARedirectGoesBackAsALinkWithItsChain) {
  World world;
  world.web.Serve(kStory, {.status = 302, .headers = {{"location", "/there#top"}}});
  world.web.Serve("https://a.example/there", "there");
  world.AddSource(SourceA());
  world.AddEntry(kStory, "Title");
  ASSERT_OK(world.Run(absl::Seconds(10)));
  EXPECT_EQ(world.State(kStory).outcome, OutcomeKind::kMoved);
  EXPECT_EQ(world.State(kStory).moved_to, "https://a.example/there");
  ASSERT_EQ(world.Pages().size(), 1u);
  EXPECT_EQ(world.Pages()[0].url, "https://a.example/there");
  EXPECT_EQ(world.Pages()[0].redirects, std::vector<std::string>{kStory});
  EXPECT_EQ(world.Pages()[0].hint_title, "Title");
}

TEST(FrontierAnswersTest, AChainOfRedirectsEndsAfterFive) {
  World world;
  for (int i = 0; i < 9; ++i) {
    world.web.Serve(absl::StrCat("https://a.example/", i),
                    {.status = 301, .headers = {{"location", absl::StrCat("/", i + 1)}}});
  }
  world.AddSource(SourceA());
  world.AddEntry("https://a.example/0");
  ASSERT_OK(world.Run(absl::Seconds(30)));
  EXPECT_EQ(world.State("https://a.example/4").outcome, OutcomeKind::kMoved);
  EXPECT_EQ(world.State("https://a.example/5").reason, Reason::kTooManyRedirects);
  EXPECT_EQ(world.web.Count("https://a.example/6"), 0);
}

TEST(FrontierAnswersTest, RetriesWhatMayPassAndNothingElse) {
  World world;
  world.web.Serve("https://a.example/500", {.status = 500});
  world.web.Serve("https://a.example/slow", {.reason = Reason::kTimeout});
  world.web.Serve("https://a.example/large", {.reason = Reason::kTooLarge});
  world.AddSource(SourceA());
  for (const char* name : {"500", "slow", "large", "gone"}) {
    world.AddEntry(absl::StrCat("https://a.example/", name));
  }
  ASSERT_OK(world.Run(absl::Minutes(15)));
  EXPECT_EQ(world.web.Count("https://a.example/500"), kMaxTries);
  EXPECT_EQ(world.web.Count("https://a.example/slow"), kMaxTries);
  EXPECT_EQ(world.web.Count("https://a.example/large"), 1);
  EXPECT_EQ(world.web.Count("https://a.example/gone"), 1);
  EXPECT_EQ(world.State("https://a.example/500").reason, Reason::kHttpServerError);
  EXPECT_EQ(world.State("https://a.example/slow").reason, Reason::kTimeout);
  EXPECT_EQ(world.State("https://a.example/gone").reason, Reason::kNotFound);
}

TEST(FrontierAnswersTest, KeepsTheOutcomeThatParseReports) {
  World world;
  world.web.Serve(kStory, "story");
  world.AddSource(SourceA());
  world.AddEntry(kStory);
  ASSERT_OK(world.Run(absl::Seconds(10)));
  const std::int64_t seq = world.State(kStory).seq;
  EXPECT_EQ(seq, world.Pages()[0].seq);
  world.AddOutcome({.url = kStory, .seq = seq - 1, .kind = OutcomeKind::kDeadLetter});
  world.AddOutcome({.url = kStory, .seq = seq, .kind = OutcomeKind::kArticle, .article_id = "id"});
  world.AddOutcome({.url = kStory, .seq = seq, .kind = OutcomeKind::kDeadLetter});
  ASSERT_OK(world.Run(absl::Seconds(1)));
  EXPECT_EQ(world.State(kStory).outcome, OutcomeKind::kArticle);
  EXPECT_EQ(world.State(kStory).article_id, "id");
}

TEST(FrontierAnswersTest, APageThatWasADeadLetterMayBeReplayed) {
  World world;
  world.web.Serve(kStory, "story");
  world.AddSource(SourceA());
  world.AddEntry(kStory);
  ASSERT_OK(world.Run(absl::Seconds(10)));
  const std::int64_t seq = world.State(kStory).seq;
  world.AddOutcome({.url = kStory, .seq = seq, .kind = OutcomeKind::kDeadLetter});
  ASSERT_OK(world.Run(absl::Seconds(1)));
  EXPECT_EQ(world.State(kStory).outcome, OutcomeKind::kDeadLetter);
  world.AddOutcome({.url = kStory, .seq = seq, .kind = OutcomeKind::kDeadLetter, .reason = Reason::kBadEncoding});
  ASSERT_OK(world.Run(absl::Seconds(1)));
  EXPECT_EQ(world.State(kStory).reason, Reason::kBadEncoding);
  world.AddOutcome({.url = kStory, .seq = seq, .kind = OutcomeKind::kArticle, .article_id = "id"});
  ASSERT_OK(world.Run(absl::Seconds(1)));
  EXPECT_EQ(world.State(kStory).outcome, OutcomeKind::kArticle);
  EXPECT_EQ(world.State(kStory).article_id, "id");
}

}  // namespace
}  // namespace kawat::fetch
