// The page that kawat was made for gives exactly what its gold says.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "absl/time/time.h"
#include "base/files.h"
#include "services/parse/parse_page.h"
#include "tests/support/status.h"

namespace kawat::parse {
namespace {

TEST(SeedTest, GivesItsGold) {
  const char* root = std::getenv("KAWAT_SOURCE_DIR");  // NOLINT(concurrency-mt-unsafe): one thread
  const std::string folder = std::string(root == nullptr ? "." : root) + "/../shared/corpus/seed";
  const auto gold_file = base::ReadFile(folder + "/gold.jsonl", 1 << 20);
  if (!gold_file.ok()) {
    GTEST_SKIP() << "the corpus is not here: " << folder;
  }
  const boost::json::object gold = boost::json::parse(*gold_file).as_object();
  ASSERT_OK_AND_ASSIGN(const std::string page, base::ReadFile(folder + "/pages/article.html", 1 << 20));
  const std::string url = gold.at("url").as_string().c_str();
  const ParsedPage parsed = ParsePageContent(
      {.url = url, .bytes = page, .content_type = "text/html", .fetched_time = absl::FromUnixSeconds(1'750'000'000)});
  ASSERT_TRUE(parsed.article) << parsed.detail;
  EXPECT_EQ(parsed.article->title, gold.at("title").as_string().c_str());
  EXPECT_EQ(parsed.article->body, gold.at("body").as_string().c_str());
  EXPECT_EQ(parsed.article->section, gold.at("section").as_string().c_str());
  EXPECT_EQ(parsed.article->language, gold.at("language").as_string().c_str());
  EXPECT_EQ(parsed.article->agency, gold.at("agency").as_string().c_str());
  EXPECT_EQ(parsed.article->copyright, gold.at("copyright").as_string().c_str());
  EXPECT_EQ(parsed.article->canonical_url, url);
  EXPECT_TRUE(parsed.article->authors.empty());
  ASSERT_TRUE(parsed.article->published_time);
  EXPECT_EQ(absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", *parsed.article->published_time, absl::UTCTimeZone()),
            gold.at("published").as_string().c_str());
}

}  // namespace
}  // namespace kawat::parse
