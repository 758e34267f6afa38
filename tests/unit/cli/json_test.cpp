#include "cli/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "kawat/v1/store_service.pb.h"

namespace kawat::cli {
namespace {

using ::testing::HasSubstr;

TEST(JsonTest, WholeNumbersAreNumbersAtAnyDepth) {
  v1::GetStatsResponse stats;
  stats.set_articles(9'007'199'254'740'993);
  stats.add_shards()->set_articles(7);
  const boost::json::value json = boost::json::parse(ToJson(stats));
  EXPECT_EQ(json.at("articles").as_int64(), 9'007'199'254'740'993);
  EXPECT_EQ(json.at("shards").at(0).at("articles").as_int64(), 7);
}

TEST(JsonTest, EmptyListsAreWrittenOut) {
  EXPECT_TRUE(boost::json::parse(ToJson(v1::SearchArticlesResponse())).at("hits").as_array().empty());
}

TEST(JsonTest, TextIsRawUtf8AndTimesAreRfc3339) {
  v1::Article article;
  article.set_title("東京 © <b>");
  article.mutable_published_time()->set_seconds(1'740'690'720);
  const std::string json = ToJson(article);
  EXPECT_THAT(json, HasSubstr("東京 © <b>"));
  EXPECT_THAT(json, HasSubstr("\"published_time\":\"2025-02-27T21:12:00Z\""));
}

}  // namespace
}  // namespace kawat::cli
