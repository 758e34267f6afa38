#include "cli/top_view.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "boost/json.hpp"
#include "cli/top_render.h"
#include "tests/support/status.h"

namespace kawat::cli {
namespace {

const absl::Time kFirst = absl::FromUnixSeconds(1'800'000'000);

// What one process shows `seconds` after the first look.
void Show(Look& look, const std::string& address, double seconds, const std::string& text) {
  auto samples = ParseMetrics(text);
  ASSERT_OK(samples);
  Add(look, address, kFirst + absl::Seconds(seconds), *std::move(samples));
}

std::string Process(int id, const std::string& text) {
  return absl::StrCat("process_start_time_seconds 17000000", id, ".5\n", text);
}

std::string Records(const char* stage, const char* direction, int count) {
  return absl::StrCat("kawat_topic_records_total{stage=\"", stage, "\",topic=\"kawat.pages\",direction=\"", direction,
                      "\"} ", count, "\n");
}

std::string Lag(int partition, int records, double seconds) {
  const std::string labels = absl::StrCat("{stage=\"parse\",topic=\"kawat.pages\",partition=\"", partition, "\"} ");
  return absl::StrCat("kawat_consumer_lag_records", labels, records, "\nkawat_consumer_lag_seconds", labels, seconds,
                      "\n");
}

TEST(TopViewTest, RatesOfATopicAreThoseOfAllProcessesTogether) {
  Look before;
  Show(before, "fetch", 0, Process(1, Records("fetch", "out", 100)));
  Show(before, "parse-0", 0, Process(2, Records("parse", "in", 50)));
  Show(before, "parse-1", 0, Process(3, Records("parse", "in", 10)));
  Look after;
  Show(after, "fetch", 2, Process(1, Records("fetch", "out", 140)));
  Show(after, "parse-0", 2, Process(2, Records("parse", "in", 60)));
  Show(after, "parse-1", 2, Process(3, Records("parse", "in", 16)));
  const View view = Compare(before, after);
  EXPECT_DOUBLE_EQ(view.seconds, 2);
  const TopicView& topic = view.topics.at("kawat.pages");
  EXPECT_DOUBLE_EQ(topic.in.records.per_second, 20);
  EXPECT_DOUBLE_EQ(topic.out.records.per_second, 8);
  EXPECT_DOUBLE_EQ(topic.out.records.total, 76);
}

TEST(TopViewTest, AProcessBehindSeveralAddressesCountsOnce) {
  Look before;
  Look after;
  for (const char* address : {"store", "portal"}) {
    Show(before, address, 0, Process(1, Records("fetch", "out", 0)));
    Show(after, address, 1, Process(1, Records("fetch", "out", 5)));
  }
  const View view = Compare(before, after);
  ASSERT_EQ(view.processes.size(), 1u);
  EXPECT_EQ(view.processes[0].addresses, (std::vector<std::string>{"store", "portal"}));
  EXPECT_DOUBLE_EQ(view.topics.at("kawat.pages").in.records.per_second, 5);
}

TEST(TopViewTest, AProcessThatWasStartedAgainHasNoRateYet) {
  Look before;
  Show(before, "fetch", 0, Process(1, Records("fetch", "out", 1000)));
  Look after;
  Show(after, "fetch", 2, Process(2, Records("fetch", "out", 7)));
  const Rate records = Compare(before, after).topics.at("kawat.pages").in.records;
  EXPECT_DOUBLE_EQ(records.per_second, 0);
  EXPECT_DOUBLE_EQ(records.total, 7);
}

TEST(TopViewTest, TheLagIsSummedItsAgeIsThatOfTheWorstPartition) {
  Look before;
  Show(before, "parse", 0, Process(1, Lag(0, 300, 9) + Lag(1, 100, 4)));
  Look after;
  Show(after, "parse", 2, Process(1, Lag(0, 200, 8) + Lag(1, 100, 6)));
  const ReaderView reader = Compare(before, after).topics.at("kawat.pages").readers.at("parse");
  EXPECT_DOUBLE_EQ(reader.lag_records, 300);
  EXPECT_DOUBLE_EQ(reader.lag_seconds, 8);
  EXPECT_DOUBLE_EQ(reader.trend, -50);
  EXPECT_DOUBLE_EQ(reader.drained_in.value_or(0), 6);
}

TEST(TopViewTest, ALagThatGrowsIsNeverDrained) {
  Look before;
  Show(before, "parse", 0, Process(1, Lag(0, 100, 1)));
  Look after;
  Show(after, "parse", 2, Process(1, Lag(0, 110, 1)));
  const ReaderView reader = Compare(before, after).topics.at("kawat.pages").readers.at("parse");
  EXPECT_DOUBLE_EQ(reader.trend, 5);
  EXPECT_FALSE(reader.drained_in.has_value());
}

TEST(TopViewTest, APartitionThatMovedCountsOnce) {
  Look before;
  Look after;
  for (Look* look : {&before, &after}) {
    Show(*look, "parse-0", 0, Process(1, Lag(0, 0, 0)));
    Show(*look, "parse-1", 0, Process(2, Lag(0, 40, 3)));
  }
  EXPECT_DOUBLE_EQ(Compare(before, after).topics.at("kawat.pages").readers.at("parse").lag_records, 40);
}

std::string ApplyBuckets(int fast, int all) {
  const std::string name = "kawat_stage_seconds_bucket{stage=\"parse\",phase=\"apply\",le=\"";
  return absl::StrCat(name, "0.1\"} ", fast, "\n", name, "0.2\"} ", all, "\n", name, "+Inf\"} ", all, "\n");
}

TEST(TopViewTest, QuantilesAreThoseBetweenTheLooks) {
  Look before;
  Show(before, "parse", 0, Process(1, ApplyBuckets(1000, 1000)));
  Look after;
  Show(after, "parse", 2, Process(1, ApplyBuckets(1000, 1100)));
  const Quantiles apply = Compare(before, after).stages.at("parse").phases.at("apply");
  EXPECT_NEAR(apply.p50.value_or(0), 0.15, 1e-9);
  EXPECT_NEAR(apply.p99.value_or(0), 0.199, 1e-9);
  EXPECT_FALSE(Compare(after, after).stages.at("parse").phases.at("apply").p50.has_value());
}

TEST(TopViewTest, ASourceHasGoodAndFailedUrlsAndItsNewestArticle) {
  Look look;
  const std::string name = "kawat_source_outcomes_total{source=\"antara\",outcome=\"";
  Show(look, "all", 0,
       Process(1, absl::StrCat(name, "article\"} 5\n", name, "not_modified\"} 2\n", name, "failure\"} 3\n",
                               "kawat_source_newest_article_timestamp_seconds{source=\"antara\"} 1799999940\n")));
  const SourceView source = Compare(look, look).sources.at("antara");
  EXPECT_DOUBLE_EQ(source.good.total, 7);
  EXPECT_DOUBLE_EQ(source.failed.total, 3);
  EXPECT_DOUBLE_EQ(source.newest_article_s.value_or(0), 60);
}

View Example() {
  Look before;
  Show(before, "127.0.0.1:9472", 0, Process(1, Lag(0, 300, 9) + Records("parse", "in", 0) + ApplyBuckets(0, 0)));
  Look after;
  Show(after, "127.0.0.1:9472", 2,
       Process(1, Lag(0, 200, 8) + Records("parse", "in", 50) + ApplyBuckets(10, 10) +
                      "kawat_source_outcomes_total{source=\"a\\u001b\x1b[2J\",outcome=\"failure\"} 1\n" +
                      "kawat_dead_letters_total{stage=\"parse\",reason=\"crashed\"} 2\n"));
  after.silent = {{"127.0.0.1:9470", "nothing listens there"}};
  return Compare(before, after);
}

TEST(TopRenderTest, TextSaysWhatIsBehindAndWhoDoesNotAnswer) {
  const std::string text = RenderText(Example());
  EXPECT_NE(text.find("127.0.0.1:9470  DOES NOT ANSWER: nothing listens there"), std::string::npos) << text;
  EXPECT_NE(text.find("kawat.pages"), std::string::npos);
  EXPECT_NE(text.find("parse crashed"), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << "names come from outside";
}

TEST(TopRenderTest, JsonHasTheSameNumbers) {
  const boost::json::value json = boost::json::parse(RenderJson(Example()));
  const auto& reader = json.at("topics").as_array()[0].at("readers").as_array()[0];
  EXPECT_DOUBLE_EQ(reader.at("lag_records").to_number<double>(), 200);
  EXPECT_DOUBLE_EQ(reader.at("drained_in_seconds").to_number<double>(), 4);
  EXPECT_EQ(json.at("silent").as_array().size(), 1u);
  EXPECT_TRUE(json.at("end_to_end_seconds").at("p50").is_null());
}

TEST(TopRenderTest, ANothingRendersToo) {
  EXPECT_FALSE(RenderText(View()).empty());
  EXPECT_FALSE(RenderJson(View()).empty());
}

TEST(TopRenderTest, ClipsToTheWindow) {
  EXPECT_EQ(Clip("abcd\nef\ngh\n", 2, 3), "abc\nef");
  EXPECT_EQ(Clip("äöü\n", 5, 2), "äö\n");
  EXPECT_EQ(Clip("", 5, 2), "");
}

}  // namespace
}  // namespace kawat::cli
