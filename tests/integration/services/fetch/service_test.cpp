// The whole service on the embedded log, RocksDB, curl and gRPC, against a web on loopback.
#include "services/fetch/service.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "article/codec.h"
#include "bus/open/open.h"
#include "kawat/v1/fetch_service.grpc.pb.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait.h"
#include "web/server.h"

namespace kawat::fetch {
namespace {

constexpr absl::Duration kDelay = absl::Milliseconds(50);
constexpr int kHosts = 5;

class FetchServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(web_, web::Server::Start({}, [this](const web::Request& request) { return Answer(request); }));
    config_.data = folder_.path();
    config_.grpc = config_.metrics = "127.0.0.1:0";
    config_.allow_networks = {"127.0.0.0/8"};
    config_.limits = {.delay = kDelay, .poll_interval = absl::Seconds(1)};
    config_.timeout = absl::Seconds(2);
    for (int i = 0; i < kHosts; ++i) {
      const std::string root = absl::StrCat("https://h", i, ".example");
      config_.resolve[root] = web_->address();
      config_.sources.push_back({.id = absl::StrCat("h", i), .name = "H", .feed_urls = {root + "/feed"}});
    }
    Start();
  }
  void TearDown() override { Stop(); }

  void Start() {
    shutdown_ = std::make_unique<base::Shutdown>();
    ASSERT_OK_AND_ASSIGN(bus_, bus::Open({}, config_.data, base::SystemClock(), *shutdown_));
    registry_ = std::make_unique<telemetry::Registry>();
    ASSERT_OK_AND_ASSIGN(service_, Service::Create(config_, *bus_, base::SystemClock(), *registry_));
    thread_ = std::thread([this] { EXPECT_OK(service_->Run(*shutdown_)); });
    stub_ =
        v1::FetchService::NewStub(grpc::CreateChannel(service_->grpc_address(), grpc::InsecureChannelCredentials()));
  }
  void Stop() {
    if (thread_.joinable()) {
      shutdown_->Request();
      thread_.join();
    }
    service_.reset();
    bus_.reset();
  }

  web::Response Answer(const web::Request& request) {
    const absl::Time now = absl::Now();
    absl::MutexLock lock(&mutex_);
    if (const auto last = last_.find(request.host); last != last_.end()) {
      shortest_ = std::min(shortest_, now - last->second);
    }
    last_[request.host] = now;  // its end comes later still
    ++asked_[absl::StrCat(request.host, request.path)];
    if (request.path == "/robots.txt") {
      return {.body = "User-agent: *\nDisallow: /no\n"};
    }
    if (request.path == "/gone") {
      return {.status = 404};
    }
    return {.content_type = "text/html", .body = "page"};
  }

  void SendLinks(int host, const std::vector<std::string>& paths) {
    article::LinkBatch batch{.source_id = absl::StrCat("h", host)};
    for (const std::string& path : paths) {
      batch.links.push_back(
          {.url = absl::StrCat("https://h", host, ".example", path), .kind = article::LinkKind::kEntry});
    }
    bus::Record record;
    record.topic = std::string(bus::kLinks);
    record.key = absl::StrCat("h", host, ".example");
    record.value = article::Encode(article::LinkRecord(batch));
    ASSERT_OK_AND_ASSIGN(const auto producer, bus_->NewProducer());
    ASSERT_OK(producer->Send(std::vector<bus::Record>{record}));
    ASSERT_OK(producer->Flush(absl::Seconds(10)));
  }

  v1::UrlState State(const std::string& url) {
    grpc::ClientContext context;
    v1::GetUrlStateRequest request;
    request.set_url(url);
    v1::GetUrlStateResponse response;
    stub_->GetUrlState(&context, request, &response);
    return response.state();
  }

  support::TempFolder folder_;
  absl::Mutex mutex_;
  std::map<std::string, absl::Time> last_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int> asked_ ABSL_GUARDED_BY(mutex_);
  absl::Duration shortest_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteDuration();
  std::unique_ptr<web::Server> web_;
  Config config_;
  std::unique_ptr<base::Shutdown> shutdown_;
  std::unique_ptr<bus::Bus> bus_;
  std::unique_ptr<telemetry::Registry> registry_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<v1::FetchService::Stub> stub_;
  std::thread thread_;
};

TEST_F(FetchServiceTest, AsksPolitelyAndRemembersThroughARestart) {
  std::vector<std::string> paths = {"/gone", "/no/1"};
  for (int i = 0; i < 15; ++i) {
    paths.push_back(absl::StrCat("/", i));
  }
  for (int host = 0; host < kHosts; ++host) {
    SendLinks(host, paths);
  }
  ASSERT_TRUE(support::WaitUntil([&] { return State("https://h4.example/7").http_status() == 200; }))
      << "no article was asked";
  Stop();
  Start();
  for (int host = 0; host < kHosts; ++host) {
    const std::string root = absl::StrCat("https://h", host, ".example");
    for (int i = 0; i < 15; ++i) {
      ASSERT_TRUE(support::WaitUntil([&] { return State(absl::StrCat(root, "/", i)).http_status() == 200; }))
          << root << "/" << i;
      EXPECT_EQ(State(absl::StrCat(root, "/", i)).requests(), 1);
    }
    EXPECT_TRUE(support::WaitUntil([&] { return State(root + "/gone").reason() == v1::REASON_NOT_FOUND; }));
    EXPECT_TRUE(support::WaitUntil([&] { return State(root + "/no/1").outcome() == v1::OUTCOME_KIND_DISALLOWED; }));
  }
  EXPECT_TRUE(support::WaitUntil([&] { return State("https://h0.example/feed").requests() >= 3; }))
      << "the feed is not polled";
  absl::MutexLock lock(&mutex_);
  EXPECT_EQ(asked_.count("h0.example/no/1"), 0u);
  EXPECT_GE(shortest_, kDelay);
}

TEST_F(FetchServiceTest, KeepsSources) {
  ASSERT_TRUE(support::WaitUntil([&] { return State("https://h4.example/feed").source_id() == "h4"; }))
      << "none is announced";
  v1::CreateSourceRequest create;
  create.mutable_source()->set_id("new");
  create.mutable_source()->set_name("New");
  create.mutable_source()->add_feed_urls("https://new.example/feed");
  v1::CreateSourceResponse created;
  const auto call = [&] {
    grpc::ClientContext context;
    return stub_->CreateSource(&context, create, &created).error_code();
  };
  EXPECT_EQ(call(), grpc::OK);
  EXPECT_EQ(call(), grpc::OK) << "an equal one is no error";
  create.mutable_source()->set_name("Other");
  EXPECT_EQ(call(), grpc::ALREADY_EXISTS);
  create.mutable_source()->set_id("No Id");
  EXPECT_EQ(call(), grpc::INVALID_ARGUMENT);

  v1::ListSourcesRequest list;
  list.set_page_size(4);
  std::vector<std::string> ids;
  do {
    grpc::ClientContext context;
    v1::ListSourcesResponse page;
    ASSERT_TRUE(stub_->ListSources(&context, list, &page).ok());
    for (const v1::Source& source : page.sources()) {
      ids.push_back(source.id());
    }
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_EQ(ids, (std::vector<std::string>{"h0", "h1", "h2", "h3", "h4", "new"}));

  // Its host is in no [resolve] table: each of its URLs fails, and says why.
  EXPECT_TRUE(support::WaitUntil([&] { return State("https://new.example/feed").reason() == v1::REASON_DNS; }));

  v1::DeleteSourceRequest remove;
  remove.set_id("new");
  v1::DeleteSourceResponse removed;
  grpc::ClientContext first;
  EXPECT_TRUE(stub_->DeleteSource(&first, remove, &removed).ok());
  grpc::ClientContext second;
  EXPECT_EQ(stub_->DeleteSource(&second, remove, &removed).error_code(), grpc::NOT_FOUND);
}

TEST_F(FetchServiceTest, AsksForASubmittedUrl) {
  v1::SubmitUrlRequest request;
  v1::SubmitUrlResponse response;
  request.set_url("https://www.elsewhere.example/a");
  grpc::ClientContext refused;
  EXPECT_EQ(stub_->SubmitUrl(&refused, request, &response).error_code(), grpc::INVALID_ARGUMENT);
  request.set_url("https://h1.example/new?utm_source=x#y");
  ASSERT_TRUE(support::WaitUntil([&] {
    grpc::ClientContext context;
    return stub_->SubmitUrl(&context, request, &response).ok();
  }));
  EXPECT_EQ(response.canonical_url(), "https://h1.example/new");
  EXPECT_TRUE(support::WaitUntil([&] { return State("https://h1.example/new").http_status() == 200; }));
}

}  // namespace
}  // namespace kawat::fetch
