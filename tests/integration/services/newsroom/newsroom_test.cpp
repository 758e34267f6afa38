// A newsroom that listens, asked over sockets.
#include "services/newsroom/newsroom.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/config.h"
#include "base/files.h"
#include "services/newsroom/compare.h"
#include "services/newsroom/conditional.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"
#include "web/http_get.h"

namespace kawat::newsroom {
namespace {

constexpr std::size_t kMaxBytes = 10 << 20;

TEST(NewsroomTest, TheConfigurationIsThereOnceItListensAndNamesWhereItListens) {
  const support::TempFolder folder;
  const std::filesystem::path file = folder.path() / "crawl.toml";
  ASSERT_OK_AND_ASSIGN(const auto newsroom,
                       Newsroom::Start({.articles = 20, .listen = "127.0.0.1:0", .write_config = file.string()}));
  ASSERT_OK_AND_ASSIGN(const std::string text, base::ReadFile(file, kMaxBytes));
  ASSERT_OK_AND_ASSIGN(const base::Toml toml, base::Toml::Parse(text, "crawl.toml"));
  std::map<std::string, std::string> resolve;
  toml.Root().Read("resolve", resolve);
  EXPECT_EQ(resolve["https://kabarkota.example"], newsroom->address());
}

TEST(NewsroomTest, TheConfigurationCanBeAskedForAndNamesTheAdvertisedAddress) {
  ASSERT_OK_AND_ASSIGN(const auto newsroom,
                       Newsroom::Start({.articles = 20, .listen = "127.0.0.1:0", .advertise = "10.96.7.7:8900"}));
  ASSERT_OK_AND_ASSIGN(const web::HttpAnswer answer, web::HttpGet(newsroom->address(), "any.example", "/config"));
  EXPECT_EQ(answer.body, newsroom->config());
  EXPECT_THAT(answer.body, testing::HasSubstr("\"https://kabarkota.example\" = \"10.96.7.7:8900\""));
  EXPECT_EQ(Newsroom::Start({.listen = "127.0.0.1:0", .advertise = "newsroom"}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(NewsroomTest, AnUnwritableConfigurationIsAnError) {
  EXPECT_FALSE(Newsroom::Start({.articles = 1, .listen = "127.0.0.1:0", .write_config = "/nowhere/at/all.toml"}).ok());
}

TEST(NewsroomTest, APortInUseIsOneClearLine) {
  ASSERT_OK_AND_ASSIGN(const auto first, Newsroom::Start({.articles = 1, .listen = "127.0.0.1:0"}));
  const auto second = Newsroom::Start({.articles = 1, .listen = first->address()});
  ASSERT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()), testing::HasSubstr(first->address()));
  EXPECT_THAT(std::string(second.status().message()), testing::Not(testing::HasSubstr("\n")));
}

TEST(NewsroomTest, HostsAreToldApartByTheirNames) {
  ASSERT_OK_AND_ASSIGN(const auto newsroom, Newsroom::Start({.articles = 60, .listen = "127.0.0.1:0"}));
  const std::string& address = newsroom->address();
  ASSERT_OK_AND_ASSIGN(const web::HttpAnswer robots, web::HttpGet(address, "kabarkota.example", "/robots.txt"));
  EXPECT_THAT(robots.body, testing::HasSubstr("Disallow: /private/"));
  ASSERT_OK_AND_ASSIGN(const web::HttpAnswer broken, web::HttpGet(address, "brokenmill.example", "/out-of-order/1"));
  EXPECT_EQ(broken.status, 500);
  ASSERT_OK_AND_ASSIGN(const web::HttpAnswer nowhere, web::HttpGet(address, "unheard-of.example", "/"));
  EXPECT_EQ(nowhere.status, 404);
  const auto half = web::HttpGet(address, "static-noise.example", "/half");
  EXPECT_EQ(half.status().code(), absl::StatusCode::kUnavailable);
}

TEST(NewsroomTest, FollowingTheFeedsServesEveryArticleAndTheTruthTellsSo) {
  ASSERT_OK_AND_ASSIGN(const auto newsroom, Newsroom::Start({.articles = 60, .listen = "127.0.0.1:0"}));
  const std::string& address = newsroom->address();
  ASSERT_OK_AND_ASSIGN(const web::HttpAnswer before, web::HttpGet(address, address, "/truth"));
  ASSERT_OK_AND_ASSIGN(const Truth truth, ReadTruth(before.body));
  for (const TrueArticle& article : truth.articles) {
    const std::string host = article.url.substr(8, article.url.find('/', 8) - 8);
    const std::string target = article.url.substr(8 + host.size());
    ASSERT_OK_AND_ASSIGN(const web::HttpAnswer page,
                         web::HttpGet(address, host, target, {{"Accept-Encoding", "gzip"}}));
    ASSERT_EQ(page.status, 200) << article.url;
    const std::string body = page.Header("content-encoding") == "gzip" ? Gunzip(page.body).value_or("") : page.body;
    EXPECT_THAT(body, testing::HasSubstr(article.body.substr(0, article.body.find('\n'))));
    if (const std::string etag = page.Header("etag"); !etag.empty()) {
      ASSERT_OK_AND_ASSIGN(const web::HttpAnswer again, web::HttpGet(address, host, target, {{"If-None-Match", etag}}));
      EXPECT_EQ(again.status, 304);
    }
  }
  const Counts counts = newsroom->counts();
  EXPECT_EQ(counts.served, 60);
  EXPECT_EQ(counts.revisions_served, 60);
}

TEST(NewsroomTest, TheCorpusIsServedAsItIs) {
  const std::filesystem::path corpus = "../shared/corpus/extraction";
  if (!std::filesystem::exists(corpus)) {
    GTEST_SKIP() << corpus << " is not there";
  }
  ASSERT_OK_AND_ASSIGN(const auto newsroom, Newsroom::Start({.listen = "127.0.0.1:0", .pages = corpus.string()}));
  ASSERT_OK_AND_ASSIGN(const web::HttpAnswer answer, web::HttpGet(newsroom->address(), newsroom->address(), "/truth"));
  ASSERT_OK_AND_ASSIGN(const Truth truth, ReadTruth(answer.body));
  int feeds = 0;
  for (const TrueUrl& url : truth.urls) {
    feeds += url.url.ends_with("-feed.xml") ? 1 : 0;
  }
  EXPECT_EQ(truth.urls.size() - feeds, 344U);  // two of the 345 pages have one URL
  ASSERT_OK_AND_ASSIGN(const web::HttpAnswer page,
                       web::HttpGet(newsroom->address(), "taz.de", "/Entwurf-des-Selbstbestimmungsgesetzes/!5928990/"));
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.Header("content-type"), "text/html");
  EXPECT_THAT(page.body, testing::HasSubstr("</html>"));
}

}  // namespace
}  // namespace kawat::newsroom
