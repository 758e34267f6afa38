// Dedupe and store as services on the embedded log, asked over a real gRPC channel.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "article/codec.h"
#include "bus/embedded/embedded_bus.h"
#include "bus/topics.h"
#include "kawat/v1/dedupe_service.grpc.pb.h"
#include "kawat/v1/store_service.grpc.pb.h"
#include "services/dedupe/service.h"
#include "services/store/grpc_handler.h"
#include "services/store/service.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait.h"

namespace kawat {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);

article::Article Parsed(const std::string& name, const std::string& subject) {
  const std::string url = absl::StrCat("https://", name, ".example/news");
  std::string body = absl::StrCat("Berita tentang ", subject, ".");
  for (int i = 0; i < 30; ++i) {
    absl::StrAppend(&body, " ", subject, i);
  }
  const absl::Time now = absl::Now();
  return {.id = article::ArticleId(url),
          .url = url,
          .canonical_url = url,
          .source_id = name,
          .title = absl::StrCat("Kabar ", name),
          .body = body,
          .language = "id",
          .observed_time = now,
          .seq = absl::ToUnixMillis(now),
          .extractor_version = 1};
}

// Both services in threads of their own, as in `kawat up`.
class Pair {
 public:
  explicit Pair(const std::string& data) {
    auto opened = bus::OpenEmbedded(data + "/log", base::SystemClock());
    EXPECT_OK(opened);
    bus_ = *std::move(opened);
    EXPECT_OK(bus_->CreateMissingTopics(bus::Topics(4, 1)));
    auto dedupe = dedupe::Service::Create({.data = data, .grpc = "127.0.0.1:0", .metrics = "127.0.0.1:0"}, *bus_,
                                          base::SystemClock(), registry_);
    EXPECT_OK(dedupe);
    dedupe_ = *std::move(dedupe);
    auto store = store::Service::Create({.data = data, .grpc = "127.0.0.1:0", .metrics = "127.0.0.1:0"}, *bus_,
                                        base::SystemClock(), registry_);
    EXPECT_OK(store);
    store_ = *std::move(store);
    threads_.emplace_back([this] { EXPECT_OK(dedupe_->Run(shutdown_)); });
    threads_.emplace_back([this] { EXPECT_OK(store_->Run(shutdown_)); });
    stub_ = v1::StoreService::NewStub(grpc::CreateChannel(store_->grpc_address(), grpc::InsecureChannelCredentials()));
  }
  ~Pair() {
    shutdown_.Request();
    for (std::thread& thread : threads_) {
      thread.join();
    }
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  void Send(const std::vector<bus::Record>& records) {
    ASSERT_OK_AND_ASSIGN(const auto producer, bus_->NewProducer());
    ASSERT_OK(producer->Send(records));
    ASSERT_OK(producer->Flush(kPatience));
  }
  void Send(const article::Article& article) {
    Send({{.topic = std::string(bus::kParsed),
           .partition = 0,
           .key = article.id,
           .value = article::Encode(article::ParsedRecord(article))}});
  }

  v1::SearchArticlesResponse Search(const std::string& query) {
    v1::SearchArticlesRequest request;
    request.set_query(query);
    v1::SearchArticlesResponse response;
    grpc::ClientContext context;
    const grpc::Status status = stub_->SearchArticles(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  bool WaitForHits(const std::string& query, int count) {
    return support::WaitUntil([&] { return Search(query).hits_size() == count; }, kPatience);
  }

  telemetry::Registry registry_;
  base::Shutdown shutdown_;
  std::unique_ptr<bus::Bus> bus_;
  std::unique_ptr<dedupe::Service> dedupe_;
  std::unique_ptr<store::Service> store_;
  std::unique_ptr<v1::StoreService::Stub> stub_;
  std::vector<std::thread> threads_;
};

TEST(StoreServiceTest, WhatIsParsedIsDecidedFoundAndServed) {
  const support::TempFolder folder;
  Pair pair(folder.path());
  pair.Send(
      {{.topic = std::string(bus::kSources),
        .partition = 0,
        .key = "antara",
        .value = article::Encode(article::Source{.id = "antara", .name = "Antara", .group = "Media Indonesia"})}});
  const article::Article first = Parsed("antara", "gempa");
  pair.Send(first);
  pair.Send(Parsed("tempo", "gempa"));
  ASSERT_TRUE(pair.WaitForHits("\"berita tentang gempa\"", 2));
  ASSERT_TRUE(pair.WaitForHits("gempa group:\"Media Indonesia\"", 1));

  v1::GetClusterRequest cluster_request;
  cluster_request.set_id(first.id);
  v1::GetClusterResponse cluster;
  grpc::ClientContext cluster_context;
  ASSERT_TRUE(pair.stub_->GetCluster(&cluster_context, cluster_request, &cluster).ok());
  ASSERT_EQ(cluster.articles_size(), 2);
  EXPECT_EQ(cluster.articles(0).source_name(), "Antara");
  EXPECT_EQ(cluster.articles(1).original_id(), first.id);

  v1::GetArticleRequest by_url;
  by_url.set_url(first.url + "#top");
  v1::GetArticleResponse got;
  grpc::ClientContext get_context;
  ASSERT_TRUE(pair.stub_->GetArticle(&get_context, by_url, &got).ok());
  EXPECT_EQ(got.article().body(), first.body);
  EXPECT_EQ(got.article().revision(), 1);

  v1::GetStatsResponse stats;
  grpc::ClientContext stats_context;
  ASSERT_TRUE(pair.stub_->GetStats(&stats_context, {}, &stats).ok());
  EXPECT_EQ(stats.articles(), 2);
  EXPECT_EQ(stats.clusters(), 1);
  EXPECT_EQ(stats.sources(), 1);
  EXPECT_EQ(stats.shards_size(), 4);

  const auto dedupe =
      v1::DedupeService::NewStub(grpc::CreateChannel(pair.dedupe_->grpc_address(), grpc::InsecureChannelCredentials()));
  v1::GetDecisionRequest decision_request;
  decision_request.set_article_id(first.id);
  v1::GetDecisionResponse decision;
  grpc::ClientContext decision_context;
  ASSERT_TRUE(dedupe->GetDecision(&decision_context, decision_request, &decision).ok());
  EXPECT_EQ(decision.revision(), 1);
  EXPECT_EQ(decision.membership().cluster_id(), first.id);
}

TEST(StoreServiceTest, ErrorsCarryCodesThatSayWhoseTheyAre) {
  const support::TempFolder folder;
  Pair pair(folder.path());
  const auto code_of = [&](const v1::GetArticleRequest& request) {
    v1::GetArticleResponse response;
    grpc::ClientContext context;
    return pair.stub_->GetArticle(&context, request, &response).error_code();
  };
  v1::GetArticleRequest request;
  EXPECT_EQ(code_of(request), grpc::StatusCode::INVALID_ARGUMENT);
  request.set_id("x");
  EXPECT_EQ(code_of(request), grpc::StatusCode::INVALID_ARGUMENT);
  request.set_id(std::string(32, 'a'));
  EXPECT_EQ(code_of(request), grpc::StatusCode::NOT_FOUND);
  v1::SearchArticlesRequest search;
  search.set_query("gempa");
  v1::SearchArticlesResponse response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() - std::chrono::seconds(1));
  EXPECT_EQ(pair.stub_->SearchArticles(&context, search, &response).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST(StoreServiceTest, WatchersSeeWhatBecomesSearchableAndResume) {
  const support::TempFolder folder;
  Pair pair(folder.path());
  std::string token;
  {
    grpc::ClientContext context;
    const auto stream = pair.stub_->WatchArticles(&context, {});
    stream->WaitForInitialMetadata();  // from here on nothing is missed
    for (int i = 0; i < 20; ++i) {
      pair.Send(Parsed(absl::StrCat("s", i), absl::StrCat("subjek", i)));
    }
    v1::WatchArticlesResponse message;
    for (int i = 0; i < 12; ++i) {
      ASSERT_TRUE(stream->Read(&message));
    }
    token = message.resume_token();
    context.TryCancel();
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  grpc::ClientContext context;
  v1::WatchArticlesRequest request;
  request.set_resume_token(token);
  const auto stream = pair.stub_->WatchArticles(&context, request);
  v1::WatchArticlesResponse message;
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(stream->Read(&message));
  }
  pair.shutdown_.Request();
  EXPECT_FALSE(stream->Read(&message));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST(StoreServiceTest, OneStreamMoreThanItServesIsRefused) {
  const support::TempFolder folder;
  Pair pair(folder.path());
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::WatchArticlesResponse>>> streams;
  const auto begin = [&] {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    streams.push_back(pair.stub_->WatchArticles(contexts.back().get(), {}));
  };
  for (std::size_t i = 0; i < store::kMaxWatchers; ++i) {
    begin();
    streams.back()->WaitForInitialMetadata();
  }
  begin();
  EXPECT_EQ(streams.back()->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  contexts.front()->TryCancel();
  EXPECT_EQ(streams.front()->Finish().error_code(), grpc::StatusCode::CANCELLED);
  const auto is_served = [&] {  // once the store has noticed the end of the first
    begin();
    contexts.back()->TryCancel();
    return streams.back()->Finish().error_code() == grpc::StatusCode::CANCELLED;
  };
  EXPECT_TRUE(support::WaitUntil(is_served, kPatience));
  for (const auto& context : contexts) {
    context->TryCancel();
  }
}

TEST(StoreServiceTest, StartsAgainWithWhatItHad) {
  const support::TempFolder folder;
  {
    Pair pair(folder.path());
    pair.Send(Parsed("antara", "gempa"));
    ASSERT_TRUE(pair.WaitForHits("gempa", 1));
  }
  for (int shard = 0; shard < 4; ++shard) {  // a lost index is made again
    std::filesystem::remove(folder.path() / absl::StrCat("store/0", shard, "/index.sqlite"));
  }
  Pair pair(folder.path());
  EXPECT_EQ(pair.Search("gempa").hits_size(), 1);
  pair.Send(Parsed("tempo", "gempa"));
  EXPECT_TRUE(pair.WaitForHits("gempa", 2));
}

TEST(DedupeServiceTest, RefusesToStartWhenItsStateIsLost) {
  const support::TempFolder folder;
  {
    Pair pair(folder.path());
    pair.Send(Parsed("antara", "gempa"));
    ASSERT_TRUE(pair.WaitForHits("gempa", 1));
  }
  std::filesystem::remove_all(folder.path() / "dedupe");
  ASSERT_OK_AND_ASSIGN(const auto bus, bus::OpenEmbedded(folder.path() / "log", base::SystemClock()));
  telemetry::Registry registry;
  const auto dedupe = dedupe::Service::Create({.data = folder.path(), .grpc = "127.0.0.1:0", .metrics = "127.0.0.1:0"},
                                              *bus, base::SystemClock(), registry);
  EXPECT_EQ(dedupe.status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace kawat
