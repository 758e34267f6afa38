// A data folder that an earlier version wrote (earlier/*.txt, keys and values as text), run by this one.
//
// The files were made with kawat of November 2026: `kawat up` with one partition crawled a feed and its three articles
// from a local site, was stopped, and DISABLED_WritesTheFiles (with KAWAT_EARLIER_DATA=FOLDER) wrote its folders out.
// They are never made anew: a format that comes gets files of its own, beside these.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "article/codec.h"
#include "base/check.h"
#include "base/files.h"
#include "bus/embedded/embedded_bus.h"
#include "bus/topics.h"
#include "kawat/v1/fetch_service.grpc.pb.h"
#include "kawat/v1/store_service.grpc.pb.h"
#include "services/dedupe/service.h"
#include "services/fetch/service.h"
#include "services/parse/service.h"
#include "services/store/service.h"
#include "state/rocksdb/rocksdb_store.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait.h"

namespace kawat {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);
constexpr std::string_view kFormatKey("\0format", 7);

const std::vector<std::string>& Folders() {
  static const std::vector<std::string> folders = {"log", "fetch/00", "dedupe/00", "store/00"};
  return folders;
}

std::string FileOf(const std::string& folder) {
  return absl::StrCat("tests/integration/services/versions/earlier/", folder.substr(0, folder.find('/')), ".txt");
}

// The folder as it was: before there was a format in it.
void Restore(const std::string& data, const std::string& folder) {
  ASSERT_OK_AND_ASSIGN(const std::string text, base::ReadFile(FileOf(folder), 8 << 20));
  std::filesystem::create_directories(std::filesystem::path(data) / folder);
  ASSERT_OK_AND_ASSIGN(const auto store, state::OpenRocksDb(std::filesystem::path(data) / folder));
  std::unique_ptr<state::Txn> txn = store->Begin();
  int keys = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> parts = absl::StrSplit(line, '\t');
    ASSERT_EQ(parts.size(), 2U) << line;
    std::string key;
    std::string value;
    ASSERT_TRUE(absl::CUnescape(parts[0], &key) && absl::CUnescape(parts[1], &value)) << line;
    txn->Put(key, value);
    ++keys;
  }
  txn->Delete(kFormatKey);
  ASSERT_OK(store->Commit(std::move(txn)));
  ASSERT_GT(keys, 3) << folder;
}

// All stages, as in `kawat up`.
class Whole {
 public:
  explicit Whole(const std::string& data) {
    auto opened = bus::OpenEmbedded(data + "/log", base::SystemClock());
    KAWAT_CHECK(opened.ok(), opened.status().ToString().c_str());
    bus = *std::move(opened);
    store_ = Make<store::Service>(store::Config{.data = data});
    dedupe_ = Make<dedupe::Service>(dedupe::Config{.data = data});
    parse_ = Make<parse::Service>(parse::Config{.data = data});
    fetch::Config fetch_config;
    fetch_config.data = data;
    fetch_config.resolve = {{"http://smallport.example", "127.0.0.1:9"}};  // nothing is asked of the real web
    fetch_ = Make<fetch::Service>(fetch_config);
    for (runtime::Service* service :
         std::vector<runtime::Service*>{store_.get(), dedupe_.get(), parse_.get(), fetch_.get()}) {
      threads_.emplace_back([this, service] { EXPECT_OK(service->Run(shutdown_)); });
    }
    store_stub = v1::StoreService::NewStub(Channel(store_->grpc_address()));
    fetch_stub = v1::FetchService::NewStub(Channel(fetch_->grpc_address()));
  }
  ~Whole() {
    shutdown_.Request();
    for (std::thread& thread : threads_) {
      thread.join();
    }
  }
  Whole(const Whole&) = delete;
  Whole& operator=(const Whole&) = delete;

  std::int64_t Articles() {
    grpc::ClientContext context;
    v1::GetStatsResponse response;
    return store_stub->GetStats(&context, {}, &response).ok() ? response.articles() : -1;
  }
  int Hits(const std::string& query) {
    grpc::ClientContext context;
    v1::SearchArticlesRequest request;
    request.set_query(query);
    v1::SearchArticlesResponse response;
    return store_stub->SearchArticles(&context, request, &response).ok() ? response.hits_size() : -1;
  }

  std::unique_ptr<bus::Bus> bus;
  std::unique_ptr<v1::StoreService::Stub> store_stub;
  std::unique_ptr<v1::FetchService::Stub> fetch_stub;

 private:
  template <class Service, class Config>
  std::unique_ptr<Service> Make(Config config) {
    config.grpc = "127.0.0.1:0";
    config.metrics = "127.0.0.1:0";
    auto service = Service::Create(config, *bus, base::SystemClock(), registry_);
    KAWAT_CHECK(service.ok(), service.status().ToString().c_str());
    return *std::move(service);
  }
  static std::shared_ptr<grpc::Channel> Channel(const std::string& address) {
    return grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  }

  base::Shutdown shutdown_;
  telemetry::Registry registry_;
  std::unique_ptr<store::Service> store_;
  std::unique_ptr<dedupe::Service> dedupe_;
  std::unique_ptr<parse::Service> parse_;
  std::unique_ptr<fetch::Service> fetch_;
  std::vector<std::thread> threads_;
};

void Send(bus::Bus& bus, const article::Page& page) {
  ASSERT_OK_AND_ASSIGN(const auto producer, bus.NewProducer());
  const std::vector<bus::Record> records = {
      {.topic = std::string(bus::kPages), .key = "smallport.example", .value = article::Encode(page)}};
  ASSERT_OK(producer->Send(records));
  ASSERT_OK(producer->Flush(kPatience));
}

TEST(EarlierFormatTest, IsReadAndGoesOn) {
  const support::TempFolder folder;
  const std::string data = folder.path();
  for (const std::string& name : Folders()) {
    Restore(data, name);
  }
  {
    Whole whole(data);
    EXPECT_TRUE(support::WaitUntil([&] { return whole.Articles() == 3 && whole.Hits("harbour") == 3; }, kPatience));
    grpc::ClientContext context;
    v1::GetUrlStateRequest request;
    request.set_url("http://smallport.example/a/2");
    v1::GetUrlStateResponse response;
    EXPECT_TRUE(whole.fetch_stub->GetUrlState(&context, request, &response).ok());
    EXPECT_EQ(response.state().outcome(), v1::OUTCOME_KIND_ARTICLE);

    // The next page goes through all of it: the offsets in the states are those of the log.
    std::string body =
        "<html><head><title>Ferry at Smallport</title></head><body><article><h1>Ferry at Smallport</h1><p>";
    for (int i = 0; i < 30; ++i) {
      absl::StrAppend(&body, "The new ferry left the quay for the ", i, "th time, and the band played on. ");
    }
    article::Page page{
        .url = "http://smallport.example/a/4", .status = 200, .body = body + "</p></article></body></html>"};
    page.headers = {{"content-type", "text/html; charset=utf-8"}};
    page.source_id = "smallport";
    page.seq = absl::ToUnixMillis(absl::Now());
    page.fetched_time = absl::Now();
    Send(*whole.bus, page);
    EXPECT_TRUE(support::WaitUntil([&] { return whole.Articles() == 4 && whole.Hits("ferry") == 1; }, kPatience));
  }
  for (const std::string& name : Folders()) {  // now it has a format
    ASSERT_OK_AND_ASSIGN(const auto store, state::OpenRocksDb(std::filesystem::path(data) / name));
    ASSERT_OK_AND_ASSIGN(const std::optional<std::string> format, store->Get(kFormatKey));
    EXPECT_EQ(format, "1") << name;
  }
}

TEST(EarlierFormatTest, DISABLED_WritesTheFiles) {
  const char* data = std::getenv("KAWAT_EARLIER_DATA");  // NOLINT(concurrency-mt-unsafe): one thread
  ASSERT_NE(data, nullptr);
  for (const std::string& name : Folders()) {
    ASSERT_OK_AND_ASSIGN(const auto store, state::OpenRocksDb(std::filesystem::path(data) / name));
    std::ofstream file(FileOf(name));
    ASSERT_OK(store->Scan("", "", [&](std::string_view key, std::string_view value) {
      file << absl::CHexEscape(std::string(key)) << "\t" << absl::CHexEscape(std::string(value)) << "\n";
      return true;
    }));
    ASSERT_TRUE(file.flush()) << FileOf(name);
  }
}

}  // namespace
}  // namespace kawat
