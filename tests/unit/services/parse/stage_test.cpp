#include "services/parse/stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "article/codec.h"
#include "bus/topics.h"
#include "tests/support/memory_store.h"
#include "tests/support/status.h"

namespace kawat::parse {
namespace {

using article::LinkBatch;
using article::OutcomeKind;
using article::PageOutcome;
using article::Reason;
using ::testing::SizeIs;

constexpr std::string_view kArticle =
    "<html lang=en><title>Harbour opens again</title><body><article><h1>Harbour opens again</h1><p>The harbour of the "
    "old town opened again on "
    "Monday, a year after the storm had closed it, and the first ships came in before noon.</p><p>Fishermen had waited "
    "for the day, said the "
    "harbour master, who had counted every week.</p></article><a href='/next'>Next</a><a "
    "href='https://m.outlet.example:8443/x'>X</a></body></html>";

article::Page PageWith(std::string_view body, std::string_view content_type) {
  return {.url = "https://outlet.example/story",
          .status = 200,
          .headers = {{"content-type", std::string(content_type)}},
          .seq = 42,
          .fetched_time = absl::FromUnixSeconds(1'750'000'000),
          .source_id = "outlet",
          .kind = article::LinkKind::kEntry,
          .body = std::string(body)};
}

struct Result {
  absl::Status status;
  std::vector<article::Article> articles;
  std::map<std::string, std::vector<LinkBatch>> batches;  // by key
  std::map<std::string, std::vector<PageOutcome>> outcomes;
  std::optional<pipeline::Outbox::Refusal> refusal;
};

bus::Record RecordOf(std::optional<std::string> value) {
  return {.topic = std::string(bus::kPages), .key = "outlet.example", .value = std::move(value), .offset = 7};
}

// Without its status.
Result ReadOutputs(const pipeline::Outbox& out) {
  Result result;
  for (const bus::Record& record : out.records()) {
    if (record.topic == bus::kParsed) {
      result.articles.push_back(std::get<article::Article>(article::DecodeParsedRecord(*record.value).value()));
      EXPECT_EQ(record.key, result.articles.back().id);
    } else {
      EXPECT_EQ(record.topic, bus::kLinks);
      const auto link_record = article::DecodeLinkRecord(*record.value).value();
      if (const auto* batch = std::get_if<LinkBatch>(&link_record)) {
        result.batches[record.key].push_back(*batch);
      } else {
        result.outcomes[record.key].push_back(std::get<PageOutcome>(link_record));
      }
    }
  }
  result.refusal = out.refusal();
  return result;
}

Result Apply(std::optional<std::string> value) {
  ParseStage stage;
  support::MemoryStore store;
  const auto txn = store.Begin();
  pipeline::Outbox out({.log_epoch = 1, .topic = std::string(bus::kPages)}, 0);
  const absl::Status status = stage.Apply(RecordOf(std::move(value)), *txn, out);
  Result result = ReadOutputs(out);
  result.status = status;
  return result;
}

Result Refused(std::optional<std::string> value) {
  ParseStage stage;
  pipeline::Outbox out({.log_epoch = 1, .topic = std::string(bus::kPages)}, 0);
  stage.Refused(RecordOf(std::move(value)), Reason::kCrashed, out);
  return ReadOutputs(out);
}

Result Apply(const article::Page& page) { return Apply(article::Encode(page)); }

TEST(ParseStageTest, AnArticleGoesOutWithItsLinksAndOutcome) {
  const Result result = Apply(PageWith(kArticle, "text/html"));
  ASSERT_OK(result.status);
  ASSERT_THAT(result.articles, SizeIs(1));
  EXPECT_EQ(result.articles[0].source_id, "outlet");
  EXPECT_EQ(result.articles[0].seq, 42);
  EXPECT_EQ(result.articles[0].observed_time, absl::FromUnixSeconds(1'750'000'000));
  EXPECT_EQ(result.articles[0].url, "https://outlet.example/story");
  EXPECT_THAT(result.batches.at("outlet.example"), SizeIs(1));
  EXPECT_THAT(result.batches.at("m.outlet.example:8443"), SizeIs(1));
  EXPECT_EQ(result.batches.at("outlet.example")[0].source_id, "outlet");
  ASSERT_THAT(result.outcomes.at("outlet.example"), SizeIs(1));
  const PageOutcome& outcome = result.outcomes.at("outlet.example")[0];
  EXPECT_EQ(outcome.kind, OutcomeKind::kArticle);
  EXPECT_EQ(outcome.article_id, result.articles[0].id);
  EXPECT_EQ(outcome.seq, 42);
  EXPECT_FALSE(result.refusal);
}

TEST(ParseStageTest, WhatIsNoArticleStillHasAnOutcome) {
  const Result result = Apply(PageWith("GIF89a", "image/gif"));
  ASSERT_OK(result.status);
  EXPECT_THAT(result.articles, SizeIs(0));
  EXPECT_EQ(result.outcomes.at("outlet.example")[0].reason, Reason::kNotHtml);
}

TEST(ParseStageTest, ABodyThatDoesNotDecompressIsRefusedAndTheFrontierKnows) {
  article::Page page = PageWith("no gzip at all", "text/html");
  page.headers.emplace_back("content-encoding", "gzip");
  const Result result = Apply(page);
  ASSERT_OK(result.status);
  EXPECT_EQ(result.outcomes.at("outlet.example")[0].kind, OutcomeKind::kDeadLetter);
  EXPECT_EQ(result.outcomes.at("outlet.example")[0].reason, Reason::kBadEncoding);
  ASSERT_TRUE(result.refusal);
  EXPECT_EQ(result.refusal->reason, Reason::kBadEncoding);
}

TEST(ParseStageTest, AFeedThatCannotBeReadIsRefused) {
  const Result result = Apply(PageWith("\x01\x02 nothing", "application/rss+xml"));
  ASSERT_OK(result.status);
  ASSERT_TRUE(result.refusal);
  EXPECT_EQ(result.refusal->reason, Reason::kMalformedFeed);
}

TEST(ParseStageTest, ManyLinksToOneHostGoInBatches) {
  std::string html = "<body>";
  for (int i = 0; i < 1201; ++i) {
    html += "<a href='/story-" + std::to_string(i) + "'>x</a>";
  }
  const Result result = Apply(PageWith(html, "text/html"));
  const auto& batches = result.batches.at("outlet.example");
  ASSERT_THAT(batches, SizeIs(3));
  EXPECT_THAT(batches[0].links, SizeIs(article::kMaxLinksPerBatch));
  EXPECT_THAT(batches[2].links, SizeIs(201));
}

TEST(ParseStageTest, LongLinksKeepWithinTheRecordLimit) {
  std::string html = "<body>";
  for (int i = 0; i < 600; ++i) {
    html += "<a href='/" + std::string(1900, 'a') + std::to_string(i) + "'>x</a>";
  }
  const Result result = Apply(PageWith(html, "text/html"));
  for (const LinkBatch& batch : result.batches.at("outlet.example")) {
    EXPECT_LT(article::Encode(article::LinkRecord(batch)).size(), 900'000U);
  }
}

TEST(ParseStageTest, RecordsThatDoNotDecodeAreInvalid) {
  EXPECT_EQ(Apply(std::nullopt).status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Apply("\xff\xff\xff").status.code(), absl::StatusCode::kInvalidArgument);
  article::Page page = PageWith(kArticle, "text/html");
  page.url = "not a url";
  EXPECT_EQ(Apply(page).status.code(), absl::StatusCode::kInvalidArgument);
}

TEST(ParseStageTest, TheFrontierHearsOfAPageThatWasGivenUp) {
  const Result result = Refused(article::Encode(PageWith(kArticle, "text/html")));
  EXPECT_THAT(result.articles, SizeIs(0));
  EXPECT_THAT(result.batches, SizeIs(0));
  ASSERT_THAT(result.outcomes.at("outlet.example"), SizeIs(1));
  EXPECT_EQ(result.outcomes.at("outlet.example")[0], (PageOutcome{.url = "https://outlet.example/story",
                                                                  .seq = 42,
                                                                  .kind = OutcomeKind::kDeadLetter,
                                                                  .reason = Reason::kCrashed}));
  for (const std::optional<std::string>& value :
       {std::optional<std::string>(), std::optional<std::string>("\xff\xff\xff")}) {
    EXPECT_THAT(Refused(value).outcomes, SizeIs(0));
  }
}

TEST(ParseStageTest, TheSameRecordGivesTheSameOutputs) {
  const Result first = Apply(PageWith(kArticle, "text/html"));
  const Result second = Apply(PageWith(kArticle, "text/html"));
  EXPECT_EQ(first.articles, second.articles);
  EXPECT_EQ(first.batches, second.batches);
}

}  // namespace
}  // namespace kawat::parse
