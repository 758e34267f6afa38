#include "services/newsroom/site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include <memory>

#include "absl/strings/match.h"
#include "services/newsroom/compare.h"
#include "services/newsroom/conditional.h"
#include "services/newsroom/plan.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status.h"

namespace kawat::newsroom {
namespace {

using testing::HasSubstr;

class SiteTest : public testing::Test {
 protected:
  void Open(int articles, double rate = 0, absl::Duration revision_after = absl::Seconds(4)) {
    world_ = MakeWorld({.seed = 11, .articles = articles, .rate_per_second = rate, .start = clock_.Now()});
    site_ = std::make_unique<Site>(
        world_,
        SiteOptions{
            .start = clock_.Now(), .delay = absl::Milliseconds(50), .seed = 11, .revision_after = revision_after},
        clock_);
  }

  web::Response Get(const std::string& url, std::vector<std::pair<std::string, std::string>> headers = {}) {
    web::Request request;
    request.method = "GET";
    request.host = HostOf(url);
    request.target = TargetOf(url);
    request.path = request.target.substr(0, request.target.find('?'));
    request.headers = std::move(headers);
    return site_->Answer(request);
  }

  Truth Now() {
    const absl::StatusOr<Truth> truth = ReadTruth(site_->TruthJson());
    EXPECT_OK(truth);
    return truth.value_or(Truth{});
  }

  const Article& Revised(std::size_t revisions) {
    for (const Article& article : world_.articles) {
      if (article.revisions.size() == revisions) {
        return article;
      }
    }
    ADD_FAILURE() << "no article has " << revisions << " revisions";
    return world_.articles[0];
  }

  TrueArticle TruthOf(const std::string& url) {
    for (const TrueArticle& article : Now().articles) {
      if (article.url == url) {
        return article;
      }
    }
    ADD_FAILURE() << url;
    return {};
  }

  support::FakeClock clock_;
  World world_;
  std::unique_ptr<Site> site_;
};

std::string HeaderOf(const web::Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) {
      return value;
    }
  }
  return "";
}

TEST_F(SiteTest, EveryFeedIsWellFormed) {
  Open(200);
  int feeds = 0;
  for (const Outlet& outlet : world_.outlets) {
    const web::Response feed = Get(outlet.feed_url);
    ASSERT_EQ(feed.status, 200);
    xmlDoc* document =
        xmlReadMemory(feed.body.data(), static_cast<int>(feed.body.size()), "feed", nullptr, XML_PARSE_NONET);
    ASSERT_NE(document, nullptr) << outlet.id;
    const std::string root = reinterpret_cast<const char*>(xmlDocGetRootElement(document)->name);
    EXPECT_EQ(root, outlet.feed_format == FeedFormat::kRss ? "rss" : "feed");
    xmlFreeDoc(document);
    ++feeds;
  }
  EXPECT_EQ(feeds, 24);
}

TEST_F(SiteTest, EveryArticleIsServedWithItsTextAndTime) {
  Open(200);
  for (const Article& article : world_.articles) {
    const web::Response page = Get(article.url);
    ASSERT_EQ(page.status, 200) << article.url;
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    for (const std::string& author : article.authors) {
      EXPECT_THAT(page.body, HasSubstr(author));
    }
    for (const std::string& paragraph : article.revisions[0].paragraphs) {
      EXPECT_THAT(page.body, HasSubstr(paragraph.substr(0, 20)));
    }
    EXPECT_THAT(page.body, HasSubstr(article.credit));
  }
  EXPECT_EQ(site_->counts().served, 200);
}

TEST_F(SiteTest, ARevisionAppearsBetweenThreeAndFiveSecondsAfterTheLastServing) {
  Open(100);
  const Article& article = Revised(2);
  const std::string first = Get(article.url).body;
  clock_.Advance(absl::Seconds(3));
  EXPECT_EQ(Get(article.url).body, first);  // a crawler that was killed comes back
  clock_.Advance(absl::Seconds(3));
  EXPECT_EQ(Get(article.url).body, first);
  clock_.Advance(absl::Seconds(5));
  EXPECT_NE(Get(article.url).body, first);
  const TrueArticle truth = TruthOf(article.url);
  EXPECT_EQ(truth.revisions_served, 2);
  EXPECT_EQ(truth.title, article.revisions[1].title);
  EXPECT_EQ(truth.body, article.revisions[1].Body());
}

TEST_F(SiteTest, ARevisionComesAsLateAsAskedFor) {
  Open(100, 0, absl::Seconds(20));
  const Article& article = Revised(2);
  const std::string first = Get(article.url).body;
  clock_.Advance(absl::Seconds(19));
  EXPECT_EQ(Get(article.url).body, first);
  clock_.Advance(absl::Seconds(21));
  EXPECT_NE(Get(article.url).body, first);
}

TEST_F(SiteTest, ARevisionThatNobodyAskedForDoesNotCount) {
  Open(100);
  const Article& article = Revised(2);
  const int pending = site_->counts().revisions_pending;
  Get(article.url);
  clock_.Advance(absl::Seconds(5));
  EXPECT_EQ(TruthOf(article.url).revisions_served, 1);
  EXPECT_EQ(TruthOf(article.url).body, article.revisions[0].Body());
  EXPECT_EQ(site_->counts().revisions_pending, pending - 1);
  EXPECT_EQ(site_->counts().revisions_unserved, 1);
}

TEST_F(SiteTest, TheFeedAnnouncesARevisionWithANewerTime) {
  Open(100);
  const Article& article = Revised(3);
  const Outlet& outlet = world_.outlets[article.outlet];
  const std::string before = Get(outlet.feed_url).body;
  Get(article.url);
  clock_.Advance(absl::Seconds(5));
  const std::string after = Get(outlet.feed_url).body;
  EXPECT_NE(after, before);
  const std::string day = absl::FormatTime("%Y-%m-%d", clock_.Now(), absl::FixedTimeZone(outlet.utc_offset_seconds));
  EXPECT_THAT(after, HasSubstr("updated>" + day + "T"));
}

TEST_F(SiteTest, WhatAClientHasIsNotSentAgain) {
  Open(100);
  int not_modified = 0;
  for (const Outlet& outlet : world_.outlets) {
    clock_.Advance(absl::Seconds(3));  // Last-Modified is told only then
    const web::Response first = Get(outlet.feed_url);
    std::vector<std::pair<std::string, std::string>> conditions;
    if (!HeaderOf(first, "ETag").empty()) {
      conditions.emplace_back("if-none-match", HeaderOf(first, "ETag"));
    } else {
      conditions.emplace_back("if-modified-since", HeaderOf(first, "Last-Modified"));
    }
    const web::Response second = Get(outlet.feed_url, conditions);
    EXPECT_EQ(second.status, 304) << outlet.id;
    EXPECT_TRUE(second.body.empty());
    ++not_modified;
  }
  EXPECT_EQ(not_modified, 24);
  for (const TrueUrl& url : Now().urls) {
    EXPECT_EQ(url.not_modified, url.reason == "FEED") << url.url;
  }
}

TEST_F(SiteTest, AnAnswerOfNotModifiedIsNoServing) {
  Open(300);
  for (const Article& article : world_.articles) {
    if (article.revisions.size() == 1 || world_.outlets[article.outlet].validators == Validators::kLastModified) {
      continue;
    }
    const std::string etag = HeaderOf(Get(article.url), "ETag");
    clock_.Advance(absl::Seconds(3));
    EXPECT_EQ(Get(article.url, {{"if-none-match", etag}}).status, 304);
    clock_.Advance(absl::Seconds(2));
    EXPECT_EQ(Get(article.url, {{"if-none-match", etag}}).status, 200) << "counted from the page itself";
    return;
  }
  FAIL() << "no such article";
}

TEST_F(SiteTest, SomeOutletsCompressForClientsThatTakeIt) {
  Open(100);
  int compressed = 0;
  for (const Outlet& outlet : world_.outlets) {
    const web::Response packed = Get(outlet.feed_url, {{"accept-encoding", "gzip"}});
    if (HeaderOf(packed, "Content-Encoding") == "gzip") {
      ++compressed;
      EXPECT_EQ(Gunzip(packed.body), Get(outlet.feed_url).body);
    }
  }
  EXPECT_GE(compressed, 3);
  EXPECT_LT(compressed, 24);
}

TEST_F(SiteTest, WithARateOnlyWhatIsPublishedIsThere) {
  Open(100, 10);
  clock_.Advance(absl::Milliseconds(950));
  EXPECT_EQ(site_->counts().published, 10);
  EXPECT_EQ(Get(world_.articles[9].url).status, 200);
  EXPECT_EQ(Get(world_.articles[10].url).status, 404);
  EXPECT_EQ(Now().unpublished, 90);
  EXPECT_EQ(Now().articles.size(), 10U);
  clock_.Advance(absl::Seconds(10));
  EXPECT_EQ(Now().unpublished, 0);
}

TEST_F(SiteTest, TrackingParametersLeadToTheSamePage) {
  Open(100);
  for (const Article& article : world_.articles) {
    if (!absl::StrContains(article.url, "?")) {
      EXPECT_EQ(Get(article.url + "?utm_source=feed").status, 200);
      return;
    }
  }
}

TEST_F(SiteTest, TheAccessLogTellsOfForbiddenAndHastyRequests) {
  Open(50);
  const std::string root = "https://" + world_.outlets[0].host;
  Get(root + "/private/notes-1");
  clock_.Advance(absl::Milliseconds(20));
  Get(root + "/");
  const Truth truth = Now();
  EXPECT_THAT(truth.forbidden_asked, testing::ElementsAre(testing::Pair(root + "/private/notes-1", 1)));
  ASSERT_EQ(truth.hosts.size(), 1U);
  EXPECT_EQ(truth.hosts[0].requests, 2);
  EXPECT_EQ(truth.hosts[0].too_fast, 1);
}

TEST_F(SiteTest, BadNeighboursAreBad) {
  Open(0);
  EXPECT_EQ(Get("https://brokenmill.example/out-of-order/1").status, 500);
  EXPECT_GT(Get("https://slowboat.example/some-day/1").delay, absl::Seconds(2));
  EXPECT_TRUE(Get("https://static-noise.example/half").cut_connection);
  const web::Response packed = Get("https://static-noise.example/packed");
  EXPECT_EQ(HeaderOf(packed, "Content-Encoding"), "gzip");
  EXPECT_EQ(Gunzip(packed.body), std::nullopt);
  EXPECT_EQ(Get("https://deadends.example/gone/3").status, 404);
}

}  // namespace
}  // namespace kawat::newsroom
