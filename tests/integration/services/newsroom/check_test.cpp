// `newsroom check` against services that say what the test tells them to.
#include "services/newsroom/check.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "kawat/v1/fetch_service.grpc.pb.h"
#include "kawat/v1/store_service.grpc.pb.h"
#include "services/newsroom/newsroom.h"
#include "tests/support/status.h"
#include "web/http_get.h"

namespace kawat::newsroom {
namespace {

// Pages of 7 articles, so that a small test turns pages.
class FakeStore final : public v1::StoreService::Service {
 public:
  grpc::Status ListArticles(grpc::ServerContext*, const v1::ListArticlesRequest* request,
                            v1::ListArticlesResponse* response) override {
    std::size_t at = request->page_token().empty() ? 0 : std::stoul(request->page_token());
    for (int i = 0; i < 7 && at < articles.size(); ++i, ++at) {
      *response->add_articles() = articles[at];
    }
    response->set_next_page_token(at < articles.size() ? std::to_string(at) : "");
    return grpc::Status::OK;
  }

  std::vector<v1::Article> articles;
};

class FakeFetch final : public v1::FetchService::Service {
 public:
  grpc::Status GetUrlState(grpc::ServerContext*, const v1::GetUrlStateRequest* request,
                           v1::GetUrlStateResponse* response) override {
    const auto at = states.find(request->url());
    if (at == states.end()) {
      return {grpc::StatusCode::NOT_FOUND, "never seen"};
    }
    *response->mutable_state() = at->second;
    return grpc::Status::OK;
  }

  std::map<std::string, v1::UrlState> states;
};

class CheckTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(
        newsroom_,
        Newsroom::Start({.seed = 3, .articles = 30, .delay = absl::ZeroDuration(), .listen = "127.0.0.1:0"}));
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&store_);
    builder.RegisterService(&fetch_);
    server_ = builder.BuildAndStart();
    options_ = {.newsroom = newsroom_->address(),
                .store = absl::StrCat("127.0.0.1:", port),
                .fetch = absl::StrCat("127.0.0.1:", port)};
  }

  // Asks the newsroom for every article and stores them as a perfect crawler would.
  void Crawl() {
    ASSERT_OK_AND_ASSIGN(const web::HttpAnswer answer, web::HttpGet(options_.newsroom, "truth", "/truth"));
    ASSERT_OK_AND_ASSIGN(const Truth truth, ReadTruth(answer.body));
    for (const TrueArticle& from : truth.articles) {
      ASSERT_OK(web::HttpGet(options_.newsroom, HostOf(from.url), TargetOf(from.url)));
      v1::Article article;
      article.set_canonical_url(from.url);
      article.set_source_id(from.source_id);
      article.set_title(from.title);
      article.set_body(from.body);
      for (const std::string& author : from.authors) {
        article.add_authors(author);
      }
      article.mutable_published_time()->set_seconds(absl::ToUnixSeconds(from.published));
      article.set_language(from.language);
      article.set_agency(from.agency);
      article.set_copyright(from.credit);
      article.set_cluster_id(absl::StrCat("cluster-", from.cluster));
      article.set_revision(1);
      store_.articles.push_back(article);
    }
    for (const TrueUrl& url : truth.urls) {
      v1::UrlState& state = fetch_.states[url.url];
      v1::OutcomeKind kind = v1::OUTCOME_KIND_UNSPECIFIED;
      v1::Reason reason = v1::REASON_UNSPECIFIED;
      ASSERT_TRUE(v1::OutcomeKind_Parse("OUTCOME_KIND_" + url.outcome, &kind)) << url.outcome;
      ASSERT_TRUE(url.reason.empty() || v1::Reason_Parse("REASON_" + url.reason, &reason)) << url.reason;
      state.set_outcome(kind);
      state.set_reason(reason);
      state.set_moved_to(url.moved_to);
    }
  }

  std::unique_ptr<Newsroom> newsroom_;
  FakeStore store_;
  FakeFetch fetch_;
  std::unique_ptr<grpc::Server> server_;
  CheckOptions options_;
};

TEST_F(CheckTest, OfAPerfectCrawlOnlyTheRevisionsToComeAreOpen) {
  Crawl();
  ASSERT_OK_AND_ASSIGN(const CheckReport report, Check(options_));
  EXPECT_EQ(report.compared, 30);
  EXPECT_EQ(report.stored, 30);
  ASSERT_EQ(report.findings.size(), 1U) << ToTable(report);
  EXPECT_EQ(report.findings[0].problem, Problem::kUnpublished);
}

TEST_F(CheckTest, NothingCrawledIsNoSuccess) {
  ASSERT_OK_AND_ASSIGN(const CheckReport report, Check(options_));
  EXPECT_FALSE(report.ok());
  EXPECT_EQ(report.compared, 0);
}

TEST_F(CheckTest, WhatTheServicesGotWrongIsFound) {
  Crawl();
  store_.articles[0].set_title("Something else");
  store_.articles.pop_back();
  fetch_.states["https://deadends.example/gone/1"].set_outcome(v1::OUTCOME_KIND_ARTICLE);
  ASSERT_OK(web::HttpGet(options_.newsroom, "kabarkota.example", "/private/notes-1"));
  ASSERT_OK_AND_ASSIGN(const CheckReport report, Check(options_));
  std::vector<Problem> problems;
  for (const Finding& finding : report.findings) {
    problems.push_back(finding.problem);
  }
  EXPECT_THAT(problems, testing::ElementsAre(Problem::kMissing, Problem::kDifferent, Problem::kOutcome,
                                             Problem::kForbidden, Problem::kUnpublished));
}

TEST_F(CheckTest, WhoCannotBeReachedIsNamed) {
  server_->Shutdown();
  const auto report = Check(options_);
  EXPECT_EQ(report.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(report.status().message()), testing::HasSubstr("store at " + options_.store));
  newsroom_.reset();
  EXPECT_THAT(std::string(Check(options_).status().message()), testing::HasSubstr("newsroom: " + options_.newsroom));
}

}  // namespace
}  // namespace kawat::newsroom
