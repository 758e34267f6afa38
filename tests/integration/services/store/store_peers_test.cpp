// A store of three nodes answers as one that has all shards, whichever node is asked.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <set>

#include "bus/record.h"
#include "kawat/v1/store_peer_service.grpc.pb.h"
#include "tests/integration/services/store/store_nodes.h"

namespace kawat::store {
namespace {

using ::testing::HasSubstr;

template <class Request, class Response>
grpc::Status Ask(RunningStore& store,
                 grpc::Status (v1::StoreService::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                 const Request& request, Response& response) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  return (store.stub().*method)(&context, request, &response);
}

class StorePeersTest : public StoreNodesTest {
 protected:
  // 60 articles of the last hours, every third of one cluster, a source, and another URL of one article.
  void SendNews() {
    Send({{.topic = std::string(bus::kSources),
           .partition = 0,
           .key = "s1",
           .value = article::Encode(article::Source{.id = "s1", .name = "Satu", .group = "Media Satu"})}});
    const absl::Time now = absl::Now();
    for (int i = 0; i < 60; ++i) {
      article::Article article = MakeArticle(absl::StrCat("s", i), now - absl::Minutes(i / 2),
                                             absl::StrCat("Gempa nomor ", i, " di Aceh. ", std::string(200, 'x')));
      Send(article, i > 0 && i % 3 == 0 ? Id(0) : "");
    }
    const std::string seen = "https://m.s7.example/x";
    Send({RecordOf(Id(7), article::AliasKey(Id(7), seen), article::UrlAlias{Id(7), seen})});
    WaitForAll();
  }
  static std::string Id(int i) { return MakeArticle(absl::StrCat("s", i), absl::Now(), "").id; }
  static int NodeOf(const std::string& id) { return bus::PartitionOf(id, kShards) % kNodes; }

  // Each node says what the whole store says.
  template <class Request, class Response>
  Response ExpectTheSame(grpc::Status (v1::StoreService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                        Response*),
                         const Request& request) {
    Response expected;
    const grpc::Status status = Ask(*whole_, method, request, expected);
    for (const std::unique_ptr<RunningStore>& node : nodes_) {
      Response got;
      const grpc::Status answered = Ask(*node, method, request, got);
      EXPECT_EQ(answered.error_code(), status.error_code()) << answered.error_message();
      EXPECT_EQ(answered.error_message(), status.error_message());
      EXPECT_EQ(got.DebugString(), expected.DebugString());
    }
    return expected;
  }
};

TEST_F(StorePeersTest, AnyNodeGetsAnyArticle) {
  SendNews();
  for (int i = 0; i < 12; ++i) {
    v1::GetArticleRequest request;
    request.set_id(Id(i));
    EXPECT_EQ(ExpectTheSame(&v1::StoreService::Stub::GetArticle, request).article().id(), Id(i));
    request.set_url(absl::StrCat("https://s", i, ".example/news#top"));
    ExpectTheSame(&v1::StoreService::Stub::GetArticle, request);
  }
  v1::GetArticleRequest request;
  request.set_url("https://m.s7.example/x");
  EXPECT_EQ(ExpectTheSame(&v1::StoreService::Stub::GetArticle, request).article().id(), Id(7));
  request.set_url("https://nobody.example/");
  ExpectTheSame(&v1::StoreService::Stub::GetArticle, request);
  request.set_id("x");
  ExpectTheSame(&v1::StoreService::Stub::GetArticle, request);
}

TEST_F(StorePeersTest, AnyNodeListsAndSearchesAllAndTakesTheTokensOfOthers) {
  SendNews();
  v1::ListArticlesRequest list;
  list.set_page_size(7);
  std::set<std::string> listed;
  do {
    const v1::ListArticlesResponse page = ExpectTheSame(&v1::StoreService::Stub::ListArticles, list);
    for (const v1::Article& article : page.articles()) {
      EXPECT_TRUE(listed.insert(article.id()).second);
    }
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_EQ(listed.size(), 60U);

  v1::SearchArticlesRequest search;
  search.set_query("gempa aceh");
  search.set_page_size(25);
  int found = 0;
  do {
    const v1::SearchArticlesResponse page = ExpectTheSame(&v1::StoreService::Stub::SearchArticles, search);
    found += page.hits_size();
    search.set_page_token(page.next_page_token());
  } while (!search.page_token().empty());
  EXPECT_EQ(found, 60);
  search.set_query("gempa group:\"media satu\"");
  EXPECT_EQ(ExpectTheSame(&v1::StoreService::Stub::SearchArticles, search).hits_size(), 1);
  for (const char* query :
       {"\"nomor 11 di\"", "gempa -source:s1", "\"no end", "", "gempa lang:ja", "site:s3.example"}) {
    search.set_query(query);
    ExpectTheSame(&v1::StoreService::Stub::SearchArticles, search);
  }
}

TEST_F(StorePeersTest, AClusterIsJoinedFromAllNodes) {
  SendNews();
  v1::GetClusterRequest request;
  request.set_id(Id(0));
  const v1::GetClusterResponse cluster = ExpectTheSame(&v1::StoreService::Stub::GetCluster, request);
  EXPECT_EQ(cluster.articles_size(), 20);
  std::set<int> nodes;
  for (const v1::Article& article : cluster.articles()) {
    nodes.insert(NodeOf(article.id()));
  }
  EXPECT_EQ(nodes.size(), 3U) << "the cluster lies on few nodes: this test proves little";
  request.set_without_body(true);
  ExpectTheSame(&v1::StoreService::Stub::GetCluster, request);
  request.set_id(std::string(32, 'a'));
  ExpectTheSame(&v1::StoreService::Stub::GetCluster, request);
}

TEST_F(StorePeersTest, StatsAreOfAllShards) {
  SendNews();
  const v1::GetStatsResponse stats = ExpectTheSame(&v1::StoreService::Stub::GetStats, v1::GetStatsRequest());
  EXPECT_EQ(stats.articles(), 60);
  EXPECT_EQ(stats.sources(), 1);
  ASSERT_EQ(stats.shards_size(), kShards);
  EXPECT_EQ(stats.shards(2).shard(), 2);
}

TEST_F(StorePeersTest, PagesEndByTheirBytes) {
  const absl::Time now = absl::Now();
  for (int i = 0; i < 12; ++i) {
    Send(MakeArticle(absl::StrCat("s", i), now - absl::Minutes(i), std::string(500'000, 'x')));
  }
  WaitForAll();
  const v1::ListArticlesResponse page = ExpectTheSame(&v1::StoreService::Stub::ListArticles, v1::ListArticlesRequest());
  EXPECT_EQ(page.articles_size(), 7);
  EXPECT_NE(page.next_page_token(), "");
}

TEST_F(StorePeersTest, AWatchOfOneNodeSeesAllAndAnotherNodeResumesIt) {
  SendNews();
  grpc::ClientContext context;
  const auto stream = nodes_[0]->stub().WatchArticles(&context, {});
  stream->WaitForInitialMetadata();  // from here on nothing is missed
  std::set<std::string> missing;
  for (int i = 100; i < 120; ++i) {
    Send(MakeArticle(absl::StrCat("s", i), absl::Now(), "Banjir."));
    missing.insert(Id(i));
  }
  v1::WatchArticlesRequest resume;
  v1::WatchArticlesResponse message;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(stream->Read(&message));
    if (i < 12) {
      EXPECT_EQ(missing.erase(message.article().id()), 1U);
      resume.set_resume_token(message.resume_token());
    }
  }
  context.TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  grpc::ClientContext second;
  const auto resumed = nodes_[1]->stub().WatchArticles(&second, resume);
  while (!missing.empty()) {
    ASSERT_TRUE(resumed->Read(&message));
    EXPECT_EQ(missing.erase(message.article().id()), 1U);
  }
  second.TryCancel();
}

TEST_F(StorePeersTest, WithoutAPeerThereIsAnErrorThatNamesItUntilItIsBack) {
  SendNews();
  v1::WatchArticlesRequest watch;
  grpc::ClientContext context;
  const auto stream = nodes_[0]->stub().WatchArticles(&context, watch);
  stream->WaitForInitialMetadata();
  Send(MakeArticle("s100", absl::Now(), "Banjir."));
  v1::WatchArticlesResponse message;
  ASSERT_TRUE(stream->Read(&message));
  watch.set_resume_token(message.resume_token());

  nodes_[2].reset();
  EXPECT_FALSE(stream->Read(&message));
  const grpc::Status ended = stream->Finish();
  EXPECT_EQ(ended.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(ended.error_message(), HasSubstr(peers_[2]));
  v1::SearchArticlesRequest search;
  search.set_query("gempa");
  v1::SearchArticlesResponse hits;
  const grpc::Status status = Ask(*nodes_[0], &v1::StoreService::Stub::SearchArticles, search, hits);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(status.error_message(), HasSubstr(peers_[2]));
  EXPECT_EQ(hits.hits_size(), 0);
  for (int i = 0; i < 10; ++i) {  // only those that it has cannot be got
    v1::GetArticleRequest get;
    get.set_id(Id(i));
    v1::GetArticleResponse got;
    EXPECT_EQ(Ask(*nodes_[0], &v1::StoreService::Stub::GetArticle, get, got).error_code(),
              NodeOf(Id(i)) == 2 ? grpc::StatusCode::UNAVAILABLE : grpc::StatusCode::OK);
  }

  Send(MakeArticle("s101", absl::Now(), "Banjir."));
  nodes_[2] = std::make_unique<RunningStore>(ConfigOf(2), *bus_);
  EXPECT_TRUE(
      support::WaitUntil([&] { return Ask(*nodes_[0], &v1::StoreService::Stub::SearchArticles, search, hits).ok(); }));
  ExpectTheSame(&v1::StoreService::Stub::SearchArticles, search);
  grpc::ClientContext again;
  const auto resumed = nodes_[0]->stub().WatchArticles(&again, watch);
  ASSERT_TRUE(resumed->Read(&message));
  EXPECT_EQ(message.article().source_id(), "s101");
  again.TryCancel();
}

TEST_F(StorePeersTest, APeerThatSaysNothingCostsNoMoreThanTheDeadline) {
  SendNews();
  nodes_[1].reset();
  const int silent = ::socket(AF_INET, SOCK_STREAM, 0);
  const int yes = 1;
  ::setsockopt(silent, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(peers_[1].substr(peers_[1].find(':') + 1))));
  ASSERT_EQ(::bind(silent, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ASSERT_EQ(::listen(silent, 8), 0);
  const auto ask = [&] {
    v1::GetStatsResponse stats;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(500));
    const grpc::Status status = nodes_[0]->stub().GetStats(&context, {}, &stats);
    EXPECT_FALSE(status.ok());
    return status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED &&
           status.error_message().find(peers_[1]) != std::string::npos;
  };
  EXPECT_TRUE(support::WaitUntil(ask));  // first calls may still be told that the old connection is gone
  ::close(silent);
}

TEST_F(StorePeersTest, APeerThatIsMistakenForAnotherSaysSo) {
  const auto stub = v1::StorePeerService::NewStub(grpc::CreateChannel(peers_[0], grpc::InsecureChannelCredentials()));
  v1::ListShardStatsResponse stats;
  grpc::ClientContext context;
  EXPECT_EQ(stub->ListShardStats(&context, {}, &stats).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  nodes_[2].reset();
  Config config = ConfigOf(2);
  std::swap(config.peers[0], config.peers[1]);
  nodes_[2] = std::make_unique<RunningStore>(config, *bus_);
  v1::GetStatsResponse response;
  const grpc::Status status = Ask(*nodes_[2], &v1::StoreService::Stub::GetStats, v1::GetStatsRequest(), response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), HasSubstr("store.peers"));
}

TEST_F(StorePeersTest, AnotherCountOfInstancesIsRefusedOnTheirFolders) {
  nodes_.clear();
  telemetry::Registry registry;
  Config config = ConfigOf(0);  // has shards 0 and 3
  config.instances = 2;
  config.peers.pop_back();
  const auto service = Service::Create(config, *bus_, base::SystemClock(), registry);
  EXPECT_EQ(service.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(service.status().message()), HasSubstr("replicas"));
  config.instances = 5;
  EXPECT_EQ(Service::Create(config, *bus_, base::SystemClock(), registry).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace kawat::store
